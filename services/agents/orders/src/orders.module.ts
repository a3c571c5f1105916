import { ShopTools, TeamConfig } from '@lockstep/retail/effects';
import { ShopClient } from '@lockstep/retail/shop';
import { Module } from '@nestjs/common';
import { OrdersAgent } from './orders.agent.js';

@Module({
  controllers: [OrdersAgent],
  providers: [
    {
      provide: ShopTools,
      useFactory: ({ shopUrl }: TeamConfig) => new ShopTools(new ShopClient(shopUrl)),
      inject: [TeamConfig],
    },
  ],
})
export class OrdersModule {}
