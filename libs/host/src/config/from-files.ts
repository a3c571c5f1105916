import { readFileSync } from 'node:fs';
import type { SettingProblem } from './invalid-settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that an environment gives, and those that it tries to give in a way that cannot be. */
export interface Given {
  readonly environment: Environment;
  readonly problems: readonly SettingProblem[];
}

/**
 * Reads from a file what an environment does not say itself: `LOCKSTEP_API_KEYS_FILE` names one that holds
 * `LOCKSTEP_API_KEYS`. A secret is so kept out of what the engine shows of a container. White space at the
 * end is left out.
 */
export function withFiles(variables: readonly string[], environment: Environment): Given {
  const given = { ...environment };
  const problems = variables.flatMap((variable) => {
    const file = environment[fileVariableOf(variable)];
    if (!file) return [];
    if (environment[variable]) return [problem(variable, file, `${variable} must not be set, too`)];
    try {
      given[variable] = readFileSync(file, 'utf8').trimEnd();
      return [];
    } catch (error) {
      return [problem(variable, file, `the file must be readable (${(error as Error).message})`)];
    }
  });
  return { environment: given, problems };
}

const fileVariableOf = (variable: string): string => `${variable}_FILE`;

const problem = (variable: string, came: string, expected: string): SettingProblem => ({
  variable: fileVariableOf(variable),
  expected,
  came,
  fallback: undefined,
});
