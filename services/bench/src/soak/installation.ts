import { pathToFileURL } from 'node:url';
import type { ServiceProcess } from '@lockstep/testing';
import type { Lab } from '../measurements/measurement.js';
import { benchMain, serviceMain } from '../project.js';
import { startService } from '../subjects/lockstep.js';

export interface Installation extends AsyncDisposable {
  readonly gatewayUrl: string;
  /** Every process but Redis. */
  readonly processes: readonly ServiceProcess[];
}

/**
 * Starts a whole installation: a gateway, a supervisor, a projector, and two processes of the role.
 *
 * @param keepMs - how long a workflow stays after its end, then its tombstone, and a receipt
 */
export async function openInstallation(lab: Lab, keepMs: number): Promise<Installation> {
  await using stack = new AsyncDisposableStack();
  const start = async (name: string, main: string, env = {}): Promise<ServiceProcess> =>
    stack.use(await startService(lab, name, main, env));
  const kept = String(keepMs);
  const [gateway, ...others] = await Promise.all([
    start('gateway', serviceMain('gateway'), {
      LOCKSTEP_CONTRACTS: pathToFileURL(benchMain('lockstep/contracts')).href,
      LOCKSTEP_API_KEYS: '', // keys that the terminal's environment holds are for another gateway
    }),
    start('supervisor', serviceMain('supervisor'), {
      LOCKSTEP_RETENTION_MS: kept,
      LOCKSTEP_TOMBSTONE_MS: kept,
    }),
    start('projector', serviceMain('projector')),
    ...[1, 2].map((nth) =>
      start(`walker-${nth}`, benchMain('lockstep/agents/walker'), { LOCKSTEP_RECEIPT_MS: kept }),
    ),
  ]);
  const opened = stack.move();
  return {
    gatewayUrl: gateway.url,
    processes: [gateway, ...others],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
