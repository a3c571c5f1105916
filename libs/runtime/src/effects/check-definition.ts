// What the author of an effect declares is held against the rules when the module loads, not when money moves.

import { LockstepError } from '@lockstep/contracts';
import { violationsOf } from '@lockstep/kernel';
import type { EffectDefinition, EffectSpec } from './spec.js';
import { limitViolations } from './duration.js';

/** An effect cannot be as it is declared. */
export class InvalidEffect extends LockstepError {
  readonly code = 'InvalidEffect';
  readonly kind = 'defect';

  constructor(action: string, violations: readonly string[]) {
    super(
      `effect ${JSON.stringify(action)} cannot be as it is declared: ${violations.join('; ')}`,
      {
        action,
        violations,
      },
    );
  }
}

/** Part of the ledger's keys, between slashes, and of providers' logs. */
const ACTION = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const RISKS: readonly unknown[] = ['low', 'medium', 'high'];

interface Definition extends Omit<EffectDefinition<never, unknown>, 'spec'> {
  readonly spec: Omit<EffectSpec<never, unknown>, 'compensate'> & { readonly compensate?: unknown };
}

/**
 * @param undoing - the action that undoes it, if that is one
 * @throws InvalidEffect that names everything wrong at once
 */
export function checkDefinition(definition: Definition, undoing?: Definition): void {
  const violations = [
    ...violationsIn(definition),
    ...ofReverse(definition, undoing),
    ...(undoing ? violationsIn(undoing).map((violation) => `compensate: ${violation}`) : []),
  ];
  if (violations.length > 0) throw new InvalidEffect(definition.action, violations);
}

const violationsIn = (definition: Definition): string[] => [
  ...ofName(definition),
  ...ofFunctions(definition),
  ...ofClass(definition),
  ...limitViolations('timeout', definition.timeoutMs),
  ...limitViolations('window', definition.windowMs),
  ...violationsOf(definition.retry),
];

/** A rollback must not be the first to find out. */
function* ofReverse({ spec: { compensate } }: Definition, undoing?: Definition): Generator<string> {
  const isTask = typeof compensate === 'object' && compensate !== null && 'inbox' in compensate;
  if (compensate === undefined || compensate === 'not-needed' || undoing || isTask) return;
  yield "compensate is an action with its own perform, a task, or 'not-needed'";
}

function* ofName({ action }: Definition): Generator<string> {
  if (!ACTION.test(action))
    yield 'its name is a letter, then up to 62 letters, digits, hyphens or underscores';
}

function* ofFunctions({ spec }: Definition): Generator<string> {
  if (typeof spec.perform !== 'function') yield 'perform is missing';
  for (const name of ['probe', 'preview'] as const) {
    if (spec[name] !== undefined && typeof spec[name] !== 'function')
      yield `${name} is no function`;
  }
}

/** What settles it in doubt, and who decides about it, must be certain before it is performed. */
function* ofClass({ spec: { risk, preview, deduplicates } }: Definition): Generator<string> {
  if (deduplicates !== undefined && typeof deduplicates !== 'boolean')
    yield 'deduplicates is true or false: whether the provider does a thing once per key';
  if (risk !== undefined && typeof risk !== 'function' && !RISKS.includes(risk))
    yield `risk is ${RISKS.join(', ')}, or a function of the input`;
  if (risk === 'high' && preview === undefined)
    yield 'its risk is high and it has no preview: nobody can decide about what is not shown';
}
