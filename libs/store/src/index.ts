export * from './append.js';
export * from './breakers.js';
export { type Census, takeCensus } from './census/census.js';
export { type NamedKey, type Names, NameSearch } from './census/names.js';
export { registeredWorkers } from './census/workers.js';
export * from './connect.js';
export * from './crew.js';
export * from './dead-letters/groups.js';
export type { DeadLetter, UnreadableMessage } from './dead-letters/letter.js';
export { letterId, parseLetterId, placeText, type TaskOfLetter } from './dead-letters/place.js';
export * from './dead-letters/letter-redriver.js';
export * from './dead-letters/reader.js';
export * from './dead-letters/redrive-jobs.js';
export * from './dead-letters/unreadable.js';
export * from './ended.js';
export * from './feed.js';
export * from './heads.js';
export * from './ids.js';
export { inOneGo } from './in-one-go.js';
export * from './inbox.js';
export {
  BULK,
  INSTALLATION_KEY,
  ledgerKey,
  membersKey,
  Partitions,
  PARTITION_KEYS,
  TARGET_KEYS,
  targetKey,
} from './keys.js';
export {
  LIBRARY,
  librarySource,
  loadLibrary,
  operationNames,
  PROTOCOL,
  type LibraryBuild,
} from './library.js';
export {
  InvalidName,
  MAX_APPEND_BYTES,
  MAX_DELIVERIES,
  MAX_EVENT_BYTES,
  MAX_EVENTS,
  PayloadTooLarge,
  TooManyDeliveries,
  TooManyEvents,
} from './limits.js';
export { LogReader, parseEntry } from './log.js';
export * from './loop-watchdog.js';
export * from './operations.js';
export * from './server-check.js';
export * from './server-errors.js';
export * from './server-state.js';
export * from './store.js';
export * from './targets.js';
export * from './tombstones.js';
export * from './unsettled.js';
export * from './views.js';
