// #region main
import { runAgent } from '@lockstep/runtime';
import { RefundsModule } from './refunds.module.js';

await runAgent(RefundsModule);
// #endregion main
