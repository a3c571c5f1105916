import { InvalidContract } from './violations.js';

/** What one workflow may come to before a person looks at it; what is not given is not limited. */
export interface WorkflowLimits {
  /** Tasks that it has had, ended ones included. */
  readonly tasks?: number;
  /** Events of its log. */
  readonly events?: number;
  /** Time since its start, unit ms; what it waits for people and for other systems counts. */
  readonly wallClockMs?: number;
}

const NAMES = ['tasks', 'events', 'wallClockMs'] as const;

/** @throws InvalidContract when a limit is none that something can reach, or there is none by its name */
export function checkLimits(type: string, limits: WorkflowLimits): void {
  for (const [name, limit] of Object.entries(limits) as [string, unknown][]) {
    if (!NAMES.includes(name as (typeof NAMES)[number])) {
      throw new InvalidContract(
        `workflow ${type} has a limit ${name}: there are only ${NAMES.join(', ')}`,
        { workflow: type, limit: name },
      );
    }
    if (limit === undefined || (Number.isSafeInteger(limit) && (limit as number) > 0)) continue;
    throw new InvalidContract(`limits.${name} of workflow ${type} must be a whole number above 0`, {
      workflow: type,
      [name]: limit,
    });
  }
}
