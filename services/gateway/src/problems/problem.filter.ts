import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, problemOf } from './problem.js';

/** Answers every error as a problem, and logs those that are ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  private answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const requestId = request.id;
    const problem = problemOf(error, { instance: pathOf(request), requestId });
    if (problem.status >= 500) this.logger.error({ err: error, requestId, code: problem.code });
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy(); // a stream that broke off: only a cut connection tells the client
      return;
    }
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (problem.status === 503) void reply.header('retry-after', '1');
    void reply.status(problem.status).type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
  }
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? url;
