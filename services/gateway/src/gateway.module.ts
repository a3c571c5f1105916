import { Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import {
  BreakerReader,
  CrewReader,
  DeadLetterReader,
  HeadReader,
  LogReader,
  Partitions,
  RedriveJobs,
  Store,
  TombstoneReader,
  UnreadableMessages,
  UnsettledReader,
  ViewReader,
} from '@lockstep/store';
import type { Redis } from 'ioredis';
import { ApiKeys } from './auth/api-keys.js';
import { Breakers } from './breakers/breakers.js';
import { BreakersController } from './breakers/breakers.controller.js';
import { GatewayConfig } from './config.js';
import { Catalogue } from './contracts/catalogue.js';
import { loadCatalogue } from './contracts/load.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { Redrives } from './dead-letters/redrives.js';
import { RedrivesController } from './dead-letters/redrives.controller.js';
import { LetterDecisions } from './dead-letters/letter-decisions.js';
import { Decisions } from './decisions/decisions.js';
import { DecisionsController } from './decisions/decisions.controller.js';
import { Effects } from './effects/effects.js';
import { EffectsController } from './effects/effects.controller.js';
import { HistoryController } from './history/history.controller.js';
import { States } from './history/states.js';
import { FeedTail } from './live/feed-tail.js';
import { Listeners } from './live/listeners.js';
import { LiveController } from './live/live.controller.js';
import { TenantChanges } from './live/tenant-changes.js';
import { TenantStream } from './live/tenant-stream.js';
import { WorkflowStream } from './live/workflow-stream.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { strictValidation } from './requests/validation.js';
import { ResultController } from './results/result.controller.js';
import { Results } from './results/results.js';
import { Signals } from './signals/signals.js';
import { SignalsController } from './signals/signals.controller.js';
import { Connections } from './store/connections.js';
import { Unreadable } from './unreadable/unreadable.js';
import { UnreadableController } from './unreadable/unreadable.controller.js';
import { StandingReader } from './views/standings.js';
import { Views } from './views/views.js';
import { ViewNews } from './views/view-news.js';
import { Workers } from './workers/workers.js';
import { WorkersController } from './workers/workers.controller.js';
import { OwnWorkflows } from './workflows/own-workflows.js';
import { Starter } from './workflows/starter.js';
import { WorkflowsController } from './workflows/workflows.controller.js';

const http: Provider[] = [
  { provide: APP_PIPE, useFactory: strictValidation },
  { provide: APP_FILTER, useClass: ProblemFilter },
];

const settings: Provider[] = [
  {
    provide: ApiKeys,
    inject: [GatewayConfig],
    useFactory: (config: GatewayConfig) => config.keys(),
  },
  {
    provide: Catalogue,
    inject: [GatewayConfig],
    useFactory: ({ contractModules }: GatewayConfig) => loadCatalogue(contractModules),
  },
  {
    provide: Partitions,
    inject: [GatewayConfig],
    useFactory: ({ partitions }: GatewayConfig) => new Partitions(partitions),
  },
];

/** One of the store's readers and writers, over the connection that all of them share. */
function overRedis(part: new (redis: Redis, partitions: Partitions) => object): Provider {
  return {
    provide: part,
    inject: [Connections, Partitions],
    useFactory: ({ shared }: Connections, partitions: Partitions) => new part(shared, partitions),
  };
}

const store: Provider[] = [
  Connections,
  ...[Store, HeadReader, LogReader, TombstoneReader, ViewReader].map(overRedis),
  ...[CrewReader, DeadLetterReader, RedriveJobs, BreakerReader].map(overRedis),
  ...[UnreadableMessages, UnsettledReader].map(overRedis),
];

const live: Provider[] = [FeedTail, Listeners, TenantChanges, TenantStream, WorkflowStream];
const views: Provider[] = [Views, ViewNews, StandingReader];
const commands: Provider[] = [
  Starter,
  Signals,
  Decisions,
  LetterDecisions,
  Breakers,
  Workers,
  Redrives,
  Unreadable,
];
const reads: Provider[] = [OwnWorkflows, Results, States, DeadLetters, Effects];

/** The only HTTP door of an installation. */
@Module({
  controllers: [
    WorkflowsController,
    HistoryController,
    ResultController,
    SignalsController,
    DecisionsController,
    LiveController,
    DeadLettersController,
    EffectsController,
    RedrivesController,
    UnreadableController,
    WorkersController,
    BreakersController,
  ],
  providers: [...http, ...settings, ...store, ...live, ...views, ...commands, ...reads],
})
export class GatewayModule {}
