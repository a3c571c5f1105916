/** The part of a pino logger that a handler uses. */
export interface TaskLog {
  debug(facts: object, message?: string): void;
  info(facts: object, message?: string): void;
  warn(facts: object, message?: string): void;
  error(facts: object, message?: string): void;
}

/** Passes on only what is logged while `isLive`: a replayed line was logged the first time. */
export function silentOnReplay(log: TaskLog, isLive: () => boolean): TaskLog {
  const pass =
    (level: keyof TaskLog) =>
    (facts: object, message?: string): void => {
      if (isLive()) log[level](facts, message);
    };
  return { debug: pass('debug'), info: pass('info'), warn: pass('warn'), error: pass('error') };
}
