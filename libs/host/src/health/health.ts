import { Injectable } from '@nestjs/common';

/** Throws, or rejects, with the reason why not. */
export type Check = () => void | Promise<void>;

/** Whether the service lives and is ready, by the name of each part; `ok` or the reason why not. */
export interface HealthReport {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** A part that does not answer within this time is not well. */
const ANSWER_MS = 1000;

/** What the parts of a service say about themselves. */
@Injectable()
export class Health {
  private readonly liveChecks = new Map<string, Check>();
  private readonly readyChecks = new Map<string, Check>();

  /** Registers what must hold, or else the process should be started again. */
  liveWhile(name: string, check: Check): void {
    this.liveChecks.set(name, check);
  }

  /** Registers what must hold before work is sent here. */
  readyWhen(name: string, check: Check): void {
    this.readyChecks.set(name, check);
  }

  live(): Promise<HealthReport> {
    return report(this.liveChecks);
  }

  ready(): Promise<HealthReport> {
    return report(this.readyChecks);
  }
}

async function report(checks: ReadonlyMap<string, Check>): Promise<HealthReport> {
  const answers = await Promise.all(
    [...checks].map(async ([name, check]) => [name, await answerOf(check)] as const),
  );
  return {
    ok: answers.every(([, answer]) => answer === 'ok'),
    checks: Object.fromEntries(answers),
  };
}

async function answerOf(check: Check): Promise<string> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`no answer within ${ANSWER_MS} ms`));
  }, ANSWER_MS);
  try {
    await Promise.race([check(), late.promise]);
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
