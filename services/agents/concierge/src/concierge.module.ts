import { ShopTools, TeamConfig } from '@lockstep/retail/effects';
import { ShopClient } from '@lockstep/retail/shop';
import { Module } from '@nestjs/common';
import { ConciergeAgent } from './concierge.agent.js';

@Module({
  controllers: [ConciergeAgent],
  providers: [
    {
      provide: ShopTools,
      useFactory: ({ shopUrl }: TeamConfig) => new ShopTools(new ShopClient(shopUrl)),
      inject: [TeamConfig],
    },
  ],
})
export class ConciergeModule {}
