export * from './append.js';
export * from './feed.js';
export * from './heads.js';
export * from './ids.js';
export * from './inbox.js';
export { INSTALLATION_KEY, ledgerKey, Partitions, PARTITION_KEYS } from './keys.js';
export { LIBRARY, librarySource, operationNames, PROTOCOL, type LibraryBuild } from './library.js';
export { LogReader, parseEntry } from './log.js';
export * from './store.js';
