import { TeamConfig } from '@lockstep/retail/effects';
import { runAgent } from '@lockstep/runtime';
import { PaymentsModule } from './payments.module.js';

await runAgent(PaymentsModule, { config: TeamConfig });
