import type { Fleet } from '@lockstep/testing';
import type { JobEnd } from '../feed/gateway-client.js';

/** Where the running system can be asked, and one request to try. */
export function addressesText(fleet: Pick<Fleet, 'urlOf'>, ends: readonly JobEnd[]): string {
  const gateway = fleet.urlOf('gateway');
  const [job] = ends.filter((end) => 'workflow' in end);
  return [
    `API       ${gateway}/v1/workflows`,
    `docs      ${gateway}/docs`,
    `metrics   ${gateway}/metrics, ${fleet.urlOf('supervisor')}/metrics`,
    ...(job ? [`try       curl -s ${gateway}/v1/workflows/${job.workflow}`] : []),
  ].join('\n');
}
