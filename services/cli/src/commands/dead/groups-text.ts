import type { Output } from '../../output/output.js';
import { timeText } from '../../output/times.js';

/** Dead letters by cause, as the gateway counts them. */
export interface Groups {
  readonly groups: readonly {
    readonly group: string;
    readonly count: number;
    readonly role: string;
    readonly name: string;
    readonly operation: string | null;
    readonly code: string;
    readonly message: string;
    readonly firstAtMs: number;
    readonly lastAtMs: number;
  }[];
  readonly next: string | null;
}

export function groupsText({ groups, next }: Groups, out: Output): void {
  out.table(
    groups,
    [
      { name: 'CAUSE', text: ({ group }) => group },
      { name: 'LETTERS', text: ({ count }) => String(count) },
      { name: 'WHERE', text: placeText },
      { name: 'ERROR', text: ({ code, message }) => `${code}: ${message}` },
      { name: 'FIRST', text: ({ firstAtMs }) => timeText(firstAtMs, out) },
      { name: 'LAST', text: ({ lastAtMs }) => timeText(lastAtMs, out) },
    ],
    'no dead letters',
  );
  out.nextPage(next);
}

const placeText = ({ role, name, operation }: Groups['groups'][number]): string =>
  operation === null ? `${role}.${name}` : `${role}.${name}, ${operation}`;
