import { type Command, Option } from 'commander';
import type { Severity } from '../doctor/finding.js';
import { Ended } from '../exit/ended.js';
import { EXIT, type ExitCode } from '../exit/exit-codes.js';
import { asksGateway, type Session } from '../session/session.js';
import { wholeNumber } from '../session/whole-number.js';
import type { Shell } from '../shell/shell.js';

const EXITS: Readonly<Record<Severity, ExitCode>> = {
  ok: EXIT.ok,
  note: EXIT.ok,
  warning: EXIT.warned,
  error: EXIT.failed,
};

/** What supervisors are set to by default. */
const SEVEN_DAYS_MS = 604_800_000;

interface DoctorOptions {
  readonly redis: string;
  readonly retention: number;
}

export function addDoctor(program: Command, shell: Shell): void {
  const command = program
    .command('doctor')
    .description('Look at Redis and the gateway: what is wrong, what it means, and what to do')
    .addOption(
      new Option('--redis <url>', 'the Redis of the services; redis: or rediss:')
        .env('LOCKSTEP_REDIS_URL')
        .default('redis://127.0.0.1:6379')
        .helpGroup('Connection:'),
    )
    .addOption(
      new Option('--retention <ms>', 'how long supervisors keep a finished workflow; 0: for ever')
        .env('LOCKSTEP_RETENTION_MS')
        .argParser(wholeNumber(0))
        .default(SEVEN_DAYS_MS),
    );
  asksGateway(command, shell, diagnose);
}

/** Loads what looks into Redis only when it is needed: other commands start quicker without. */
async function diagnose(
  { gateway, out }: Session,
  { redis: url, retention }: DoctorOptions,
): Promise<void> {
  const { connectOnce } = await import('../doctor/connect.js');
  const { examine } = await import('../doctor/examine.js');
  const { worstOf } = await import('../doctor/finding.js');
  const { findingsText } = await import('../doctor/findings-text.js');
  const redis = await connectOnce(url);
  const findings = await examine(redis, gateway, retention).finally(() => {
    redis.disconnect();
  });
  const worst = worstOf(findings);
  if (out.json) out.jsonText(JSON.stringify({ worst, findings }));
  else findingsText(findings, out);
  throw new Ended(EXITS[worst]);
}
