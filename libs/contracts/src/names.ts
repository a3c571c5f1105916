import { InvalidContract } from './violations.js';

/**
 * The one rule for names of roles, tasks, workflows, signals and state fields: a lowercase letter,
 * then up to 62 letters, digits or hyphens. So a name is safe in keys, paths, topics and metrics.
 */
export const NAME_PATTERN = /^[a-z][a-zA-Z0-9-]{0,62}$/;

export type Named = 'role' | 'task' | 'workflow' | 'signal' | 'state field';

/** @throws InvalidContract when `name` breaks the rule */
export function checkName(what: Named, name: string): void {
  if (NAME_PATTERN.test(name)) return;
  throw new InvalidContract(
    `${JSON.stringify(name)} cannot name a ${what}: a name starts with a lowercase letter, ` +
      'followed by up to 62 letters, digits or hyphens',
    { what, name },
  );
}

/** @throws InvalidContract unless `version` is a whole number from 1 on */
export function checkVersion(owner: string, version: number): void {
  if (Number.isSafeInteger(version) && version >= 1) return;
  throw new InvalidContract(
    `the version of ${owner} must be a whole number from 1 on, not ${version}`,
    { owner, version },
  );
}
