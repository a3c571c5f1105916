import { TeamConfig } from '@lockstep/retail/effects';
import { runAgent } from '@lockstep/runtime';
import { ProfileModule } from './profile.module.js';

await runAgent(ProfileModule, { config: TeamConfig });
