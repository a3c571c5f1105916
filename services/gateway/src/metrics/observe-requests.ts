import { Metrics } from '@lockstep/host';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Listeners } from '../live/listeners.js';

/** Measures every answer by its route's pattern, never by its path: a path may name a workflow (G7). */
export function observeRequests(app: NestFastifyApplication): void {
  const metrics = app.get(Metrics);
  const seconds = metrics.seconds(
    'http_request',
    'From a request to the end of its answer. Many 5xx: read the log; long answers: see lockstep_store_seconds.',
    { labels: ['method', 'route', 'status'] },
  );
  const listeners = app.get(Listeners, { strict: false });
  metrics.gauge(
    'listeners',
    'Streams and long polls that are open. Near 4000: start another gateway.',
    () => listeners.count,
  );
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'unknown';
      const labels = { method: request.method, route, status: String(reply.statusCode) };
      seconds.observe(labels, reply.elapsedTime / 1000);
      done();
    });
}
