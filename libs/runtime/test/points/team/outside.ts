import { ShopTools, TeamConfig } from '@lockstep/retail/effects';
import { BankClient, ShopClient } from '@lockstep/retail/shop';
import type { Provider } from '@nestjs/common';

export const theShop: Provider = {
  provide: ShopTools,
  useFactory: ({ shopUrl }: TeamConfig) => new ShopTools(new ShopClient(shopUrl)),
  inject: [TeamConfig],
};

export const theBank: Provider = {
  provide: BankClient,
  useFactory: ({ shopUrl }: TeamConfig) => new BankClient(shopUrl),
  inject: [TeamConfig],
};
