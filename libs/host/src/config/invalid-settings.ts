import { LockstepError } from '@lockstep/contracts';

/** One environment variable that does not fit. */
export interface SettingProblem {
  readonly variable: string;
  /** The rule, in words. */
  readonly expected: string;
  /** What came, secrets left out; undefined when the variable is not set. */
  readonly came: string | undefined;
  /** What stands when the variable is not set; undefined when it must be. */
  readonly fallback: string | undefined;
}

/** The environment does not fit: all of what is wrong with it, at once. */
export class InvalidSettings extends LockstepError {
  readonly code = 'InvalidSettings';
  readonly kind = 'permanent';

  constructor(readonly problems: readonly SettingProblem[]) {
    super(problems.map(sentence).join('\n'), { problems });
  }
}

function sentence({ variable, expected, came, fallback }: SettingProblem): string {
  const found = came === undefined ? 'is not set' : `is ${JSON.stringify(came)}`;
  const orUnset = fallback === undefined ? '' : `, or unset it for ${JSON.stringify(fallback)}`;
  return `${variable} ${found}, but ${expected}: set it so${orUnset}`;
}
