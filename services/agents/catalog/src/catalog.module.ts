import { ShopTools, TeamConfig } from '@lockstep/retail/effects';
import { ShopClient } from '@lockstep/retail/shop';
import { Module } from '@nestjs/common';
import { CatalogAgent } from './catalog.agent.js';

@Module({
  controllers: [CatalogAgent],
  providers: [
    {
      provide: ShopTools,
      useFactory: ({ shopUrl }: TeamConfig) => new ShopTools(new ShopClient(shopUrl)),
      inject: [TeamConfig],
    },
  ],
})
export class CatalogModule {}
