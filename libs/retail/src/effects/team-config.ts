import { AgentConfig } from '@lockstep/runtime';
import { IsUrl } from 'class-validator';

/** What every agent of the team can be told. */
export class TeamConfig extends AgentConfig {
  /** Of the outside world: shop, bank and mail. */
  @IsUrl({ protocols: ['http', 'https'], require_tld: false, require_protocol: true })
  shopUrl = 'http://127.0.0.1:7480';
}
