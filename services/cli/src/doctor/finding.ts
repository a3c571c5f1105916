/** How bad it is, from what is as it should be to what is broken. */
export const SEVERITIES = ['ok', 'note', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that the doctor looked at. */
export interface Finding {
  /** As in `timers`. */
  readonly subject: string;
  readonly severity: Severity;
  readonly found: string;
  /** What follows from it, if anything does. */
  readonly means?: string;
  /** What to do about it. */
  readonly advice?: string;
}

export const worstOf = (findings: readonly Finding[]): Severity =>
  SEVERITIES.findLast((severity) => findings.some((each) => each.severity === severity)) ?? 'ok';
