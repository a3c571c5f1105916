import { checkVersion } from './names.js';
import { InvalidContract } from './violations.js';

/**
 * Steps from older versions of a payload: the function under key `n` turns the JSON of version `n`
 * into that of version `n + 1`. It must be pure: it runs at every replay.
 */
export type Upcasters = Readonly<Record<number, (old: unknown) => unknown>>;

/**
 * @throws InvalidContract unless the steps lead without a gap from the oldest one to `current`
 */
export function checkUpcasters(owner: string, current: number, upcasters: Upcasters): void {
  const steps = Object.keys(upcasters).map(Number);
  for (const step of steps) checkVersion(`an upcaster of ${owner}`, step);
  for (let step = oldestVersion(current, upcasters); step < current; step++) {
    if (!upcasters[step]) {
      throw new InvalidContract(`${owner} has no upcaster from version ${step} to ${step + 1}`, {
        owner,
        step,
      });
    }
  }
  const beyond = steps.find((step) => step >= current);
  if (beyond === undefined) return;
  throw new InvalidContract(
    `${owner} has an upcaster from version ${beyond}, but its current version is ${current}`,
    { owner, step: beyond },
  );
}

/** The oldest version that can still be read. */
export function oldestVersion(current: number, upcasters: Upcasters): number {
  return Math.min(current, ...Object.keys(upcasters).map(Number));
}

/** Brings the JSON of version `from`, which the steps must cover, to version `current`. */
export function upcast(
  plain: unknown,
  from: number,
  current: number,
  upcasters: Upcasters,
): unknown {
  let value = plain;
  for (let version = from; version < current; version++) value = upcasters[version]?.(value);
  return value;
}

/** The steps, or where there are none, steps that change nothing over the versions of `other`. */
export function orUnchanged(steps: Upcasters, other: Upcasters): Upcasters {
  if (Object.keys(steps).length > 0) return steps;
  return Object.fromEntries(Object.keys(other).map((step) => [step, (old: unknown) => old]));
}

/**
 * Since which version one side of a task is as it is now: since the current one where it has steps of its own, else
 * since the oldest of the other side.
 */
export function unchangedSince(current: number, steps: Upcasters, other: Upcasters): number {
  return Object.keys(steps).length > 0 ? current : oldestVersion(current, other);
}
