// How picks of the generator become calls: each looks at what is there and names something real, or something
// that was real before.

export const WORKFLOWS = ['wf-a', 'wf-b'] as const;
export const WORKERS = ['w1', 'w2'] as const;
export const SIGNALS = ['approved', 'refused'] as const;

export const pick = <T>(items: readonly T[], at: number): T | undefined => items[at % items.length];
/** The newest are picked most often. */
export const pickLate = <T>(items: readonly T[], at: number): T | undefined =>
  items[items.length - 1 - (at % items.length)];
