import { AgentConfig } from '@lockstep/runtime';
import type { Provider } from '@nestjs/common';
import { IsUrl } from 'class-validator';
import { WorldClient } from './world-client.js';

export class TeamConfig extends AgentConfig {
  @IsUrl({ require_tld: false })
  worldUrl!: string;
}

export const theWorld: Provider = {
  provide: WorldClient,
  useFactory: ({ worldUrl }: TeamConfig) => new WorldClient(worldUrl),
  inject: [TeamConfig],
};
