import { ShopTools, TeamConfig } from '@lockstep/retail/effects';
import { BankClient, ShopClient } from '@lockstep/retail/shop';
import { Module } from '@nestjs/common';
import { PaymentsAgent } from './payments.agent.js';

@Module({
  controllers: [PaymentsAgent],
  providers: [
    {
      provide: ShopTools,
      useFactory: ({ shopUrl }: TeamConfig) => new ShopTools(new ShopClient(shopUrl)),
      inject: [TeamConfig],
    },
    {
      provide: BankClient,
      useFactory: ({ shopUrl }: TeamConfig) => new BankClient(shopUrl),
      inject: [TeamConfig],
    },
  ],
})
export class PaymentsModule {}
