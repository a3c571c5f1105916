import { TeamConfig } from '@lockstep/retail/effects';
import { runAgent } from '@lockstep/runtime';
import { CatalogModule } from './catalog.module.js';

await runAgent(CatalogModule, { config: TeamConfig });
