import { TeamConfig } from '@lockstep/retail/effects';
import { runAgent } from '@lockstep/runtime';
import { ConciergeModule } from './concierge.module.js';

await runAgent(ConciergeModule, { config: TeamConfig });
