import type { OperationNumber, RecordedEvent } from '@lockstep/kernel';
import { taskEvent } from './ending.js';
import type { TaskExecution } from './task-execution.js';

/** Takes the oldest signal of this name that no task took; ends without one when there is none. */
export async function takeSignal(
  execution: TaskExecution,
  op: OperationNumber,
  name: string,
): Promise<void> {
  for (;;) {
    const oldest = untaken(await execution.history.latest(), name);
    if (!oldest) return;
    const meta = { name, signal: oldest.version, version: oldest.meta.version };
    const event = taskEvent(execution.claimed, 'SignalTaken', meta, op, oldest.data);
    const take = { name, version: oldest.version };
    if (await execution.record([{ event, take }], true)) return;
  }
}

function untaken(
  events: readonly RecordedEvent[],
  name: string,
): RecordedEvent<'SignalReceived'> | undefined {
  let taken = 0;
  for (const event of events) {
    if (event.type === 'SignalTaken' && event.meta.name === name) taken = event.meta.signal;
  }
  return events.find(
    (event): event is RecordedEvent<'SignalReceived'> =>
      event.type === 'SignalReceived' && event.meta.name === name && event.version > taken,
  );
}
