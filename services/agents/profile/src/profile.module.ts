import { ShopTools, TeamConfig } from '@lockstep/retail/effects';
import { ShopClient } from '@lockstep/retail/shop';
import { Module } from '@nestjs/common';
import { ProfileAgent } from './profile.agent.js';

@Module({
  controllers: [ProfileAgent],
  providers: [
    {
      provide: ShopTools,
      useFactory: ({ shopUrl }: TeamConfig) => new ShopTools(new ShopClient(shopUrl)),
      inject: [TeamConfig],
    },
  ],
})
export class ProfileModule {}
