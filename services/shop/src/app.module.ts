import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DatabaseDigest } from '@lockstep/retail/shop';
import { LoggerModule } from 'nestjs-pino';
import { Arrivals } from './arrival/arrivals.js';
import type { Config } from './config.js';
import { DEFAULT_DURATION_MS } from './faults/fault.js';
import { Faults } from './faults/faults.js';
import { HeldConnections } from './faults/held-connections.js';
import { BankController } from './http/bank.controller.js';
import { DatabasesController } from './http/databases.controller.js';
import { FaultsController } from './http/faults.controller.js';
import { MailsController } from './http/mails.controller.js';
import { OperationController } from './http/operation.controller.js';
import { readInitialDatabase } from './initial-database.js';
import { Metrics } from './metrics.js';
import { Bank, Outbox } from './store/book.js';
import { Shop } from './store/shop.js';
import { StoreFile } from './store/store-file.js';

/** The outside world: shop, bank and mail over one store, with faults. */
@Module({})
export class AppModule {
  static of(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [logger(config)],
      controllers: [
        DatabasesController,
        BankController,
        MailsController,
        FaultsController,
        OperationController,
      ],
      providers: [...stores(config), ...faults(config), HeldConnections, arrivals, metrics],
    };
  }
}

function logger({ LOCKSTEP_LOG_LEVEL: level }: Config): DynamicModule {
  return LoggerModule.forRoot({ pinoHttp: { level, useLevel: 'debug' } });
}

function stores({ SHOP_DATA_DIR, SHOP_INITIAL_DIR }: Config): Provider[] {
  const initial = readInitialDatabase(SHOP_INITIAL_DIR);
  const file = new StoreFile(SHOP_DATA_DIR, new DatabaseDigest(initial).digest());
  return [
    { provide: StoreFile, useValue: file },
    { provide: Shop, useValue: new Shop(file, initial) },
    { provide: Bank, useValue: new Bank(file) },
    { provide: Outbox, useValue: new Outbox(file) },
  ];
}

function faults(config: Config): Provider[] {
  const rate = {
    rate: config.SHOP_FAULT_RATE,
    seed: config.SHOP_FAULT_SEED,
    kinds: config.SHOP_FAULT_KINDS,
    durationMs: DEFAULT_DURATION_MS,
  };
  return [{ provide: Faults, useValue: new Faults(rate) }];
}

const arrivals: Provider = { provide: Arrivals, useFactory: () => new Arrivals() };

const metrics: Provider = {
  provide: Metrics,
  useFactory: (struck: Faults, held: HeldConnections) => new Metrics(struck, held),
  inject: [Faults, HeldConnections],
};
