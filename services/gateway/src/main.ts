import { startService } from '@lockstep/host';
import { GatewayModule } from './gateway.module.js';
import { gatewayService } from './service.js';

await startService(GatewayModule, gatewayService);
