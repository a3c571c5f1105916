import { TeamConfig } from '@lockstep/retail/effects';
import { runAgent } from '@lockstep/runtime';
import { NotifierModule } from './notifier.module.js';

await runAgent(NotifierModule, { config: TeamConfig });
