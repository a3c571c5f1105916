/** The middle of a list, or the mean of its two middle values; undefined when it is empty. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted.at(half - (sorted.length % 2 === 0 ? 1 : 0)), sorted[half]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** The greatest of a list; undefined when it is empty. */
export function worst(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}
