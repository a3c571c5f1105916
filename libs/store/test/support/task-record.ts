/** A task's two texts in a head, their values as `functions/shared/task.lua` orders them. */
export interface TaskRecord {
  readonly state: string;
  readonly mode: string;
  readonly inbox: string;
  readonly name: string;
  readonly returnTask: string;
  readonly returnOp: number;
  readonly born: number;
  readonly dispatch: number;
  readonly epoch: number;
  readonly claim: string;
  readonly worker: string;
  readonly beat: number;
  readonly deadline: number;
  readonly crashes: number;
  readonly appended: number;
  readonly from: number;
  readonly to: number;
  readonly wokenAt: number;
  readonly intents: number;
}

const FIELDS =
  'state claim epoch appended from to wokenAt intents inbox name returnTask returnOp born mode dispatch worker beat deadline crashes';
const TEXTS = new Set(['state', 'mode', 'inbox', 'name', 'returnTask', 'claim', 'worker']);

export function parseTaskRecord(text: string): TaskRecord {
  const values = text.split(' ');
  const entries = FIELDS.split(' ').map((name, at) => [
    name,
    TEXTS.has(name) ? values[at] : Number(values[at]),
  ]);
  return Object.fromEntries(entries) as TaskRecord;
}
