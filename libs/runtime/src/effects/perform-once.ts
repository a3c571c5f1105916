import { rejectedBy } from '../execution/step.js';
import type { EffectUse } from './effect-use.js';

/** Acts, for as long as an attempt may take. @throws TimedOut when it took longer, or what `perform` threw */
export async function performOnce<Input, Receipt>(
  { execution, definition, key, input }: EffectUse<Input, Receipt>,
  providerKey: string,
): Promise<Receipt> {
  const { action, spec, timeoutMs } = definition;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([execution.lost, timeout]);
  const over = rejectedBy(timeout, `${action} ${key}`, timeoutMs);
  return Promise.race([spec.perform(input, { key: providerKey, signal }), over]);
}
