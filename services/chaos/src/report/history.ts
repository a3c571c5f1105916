import type { RecordedEvent } from '@lockstep/kernel';

const LONGEST = 160;

/** What became of a workflow, a line for each event. */
export const historyOf = (events: readonly RecordedEvent[]): string[] => {
  const [first] = events;
  return events.map((event) => lineOf(event, first?.atMs ?? 0));
};

function lineOf(
  { version, type, task, op, epoch, atMs, meta }: RecordedEvent,
  startMs: number,
): string {
  const where = task === '' ? '' : ` ${task}${op > 0 ? `#${op}` : ''} e${epoch}`;
  const text = `${version} +${atMs - startMs} ${type}${where} ${JSON.stringify(meta)}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
