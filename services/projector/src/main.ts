import { startService } from '@lockstep/host';
import { ProjectorConfig } from './config.js';
import { ProjectorModule } from './projector.module.js';

await startService(ProjectorModule, { name: 'projector', config: ProjectorConfig });
