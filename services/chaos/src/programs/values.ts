import type { Act, Change, Count, Savepoint, Sleep, Step, Wait } from './program.js';

/** What a part answers that succeeds; the agents and the oracle say the same. */
export function valueOf(part: Step | Act | Sleep | Wait | Count | Savepoint | Change): string {
  switch (part.kind) {
    case 'act':
      return `did ${part.key}`;
    case 'wait':
      return `heard ${part.signal}`;
    default:
      return `${part.kind} ${part.id}`;
  }
}
