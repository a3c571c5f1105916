import { startService } from '@lockstep/host';
import { SupervisorConfig } from './config.js';
import { SupervisorModule } from './supervisor.module.js';

await startService(SupervisorModule, { name: 'supervisor', config: SupervisorConfig });
