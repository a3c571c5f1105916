import { LockstepError } from './errors.js';

export type Direction = 'request' | 'result' | 'signal' | 'state';

/** Where a payload belongs: a task's request or result, a workflow's start, signal or state. */
export interface PayloadPlace {
  readonly direction: Direction;
  readonly role?: string;
  readonly task?: string;
  readonly workflow?: string;
  readonly signal?: string;
}

/** One field that broke its contract. */
export interface FieldViolation {
  /** As in `items[2].price`; empty for the payload itself. */
  readonly path: string;
  /** The rule, in words. */
  readonly expected: string;
  /** What came, as JSON text of at most 200 characters. */
  readonly came: string;
}

const FIELDS_SHOWN = 20;

/** A payload that does not keep its contract. Sending it again cannot help. */
export class ContractViolation extends LockstepError {
  readonly kind = 'permanent';
  readonly code = 'ContractViolation';

  /** @param fields - what is wrong; the first 20 are kept */
  constructor(
    readonly place: PayloadPlace,
    fields: readonly FieldViolation[],
    options?: ErrorOptions,
  ) {
    const shown = fields.slice(0, FIELDS_SHOWN);
    super(violationText(place, shown, fields.length), { ...place, fields: shown }, options);
    this.fields = shown;
  }

  readonly fields: readonly FieldViolation[];
}

/** A payload written by a later release than this one. It waits in the dead letters for a deploy. */
export class ContractTooNew extends LockstepError {
  readonly kind = 'permanent';
  readonly code = 'ContractTooNew';

  constructor(
    readonly place: PayloadPlace,
    readonly version: number,
    readonly knownVersion: number,
  ) {
    super(
      `${placeText(place)} came in version ${version}, and this service knows versions up to ` +
        `${knownVersion}: deploy the newer service, then send the message again`,
      { ...place, version, knownVersion },
    );
  }
}

/** A contract that cannot hold as it is declared; thrown while the module loads. */
export class InvalidContract extends LockstepError {
  readonly kind = 'defect';
  readonly code = 'InvalidContract';
}

function violationText(
  place: PayloadPlace,
  shown: readonly FieldViolation[],
  total: number,
): string {
  const lines = shown.map(
    ({ path, expected, came }) => `${path || 'the payload'}: ${expected}, came ${came}`,
  );
  const more = total > shown.length ? [`and ${total - shown.length} more`] : [];
  return `${placeText(place)} violates its contract: ${[...lines, ...more].join('; ')}`;
}

function placeText({ direction, role, task, workflow, signal }: PayloadPlace): string {
  const owner = [
    workflow && `workflow ${workflow}`,
    signal && `signal ${signal}`,
    role && task && `task ${role}.${task}`,
  ];
  return `the ${direction} of ${owner.filter(Boolean).join(', ')}`;
}
