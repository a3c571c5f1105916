// #region module
import { Module } from '@nestjs/common';
import { Bank } from './bank.js';
import { RefundsAgent } from './refunds.agent.js';

@Module({
  controllers: [RefundsAgent],
  providers: [{ provide: Bank, useFactory: () => new Bank() }],
})
export class RefundsModule {}
// #endregion module
