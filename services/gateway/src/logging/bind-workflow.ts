import { inWork } from '@lockstep/host';
import type { WorkflowId } from '@lockstep/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const ABOUT_ONE = '/v1/workflows/:id';

/** Whatever is logged of a request about a workflow carries the workflow's id, as in every other service. */
export function bindWorkflow(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preHandler', (request, _reply, done) => {
      const { id } = request.params as { readonly id?: string };
      const isAboutOne = request.routeOptions.url?.startsWith(ABOUT_ONE) === true;
      if (id === undefined || !isAboutOne) done();
      else inWork({ workflow: id as WorkflowId }, done);
    });
}
