import type { ServiceOptions } from '@lockstep/host';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GatewayConfig } from './config.js';
import { bindWorkflow } from './logging/bind-workflow.js';
import { observeRequests } from './metrics/observe-requests.js';
import { serveOpenApi } from './openapi/document.js';

const BODY_LIMIT_BYTES = 256 * 1024;

/** How the gateway runs as a service. */
export const gatewayService: ServiceOptions<GatewayConfig> = {
  name: 'gateway',
  config: GatewayConfig,
  bodyLimitBytes: BODY_LIMIT_BYTES,
  configure: (app) => {
    forbidCaching(app);
    observeRequests(app);
    bindWorkflow(app);
    serveOpenApi(app);
  },
};

/** Every answer is true only now. */
function forbidCaching(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request, reply, done) => {
      void reply.header('cache-control', 'no-store');
      done();
    });
}
