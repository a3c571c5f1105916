import { TeamConfig } from '@lockstep/retail/effects';
import { runAgent } from '@lockstep/runtime';
import { OrdersModule } from './orders.module.js';

await runAgent(OrdersModule, { config: TeamConfig });
