import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  ServiceUnavailableException,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { delay, mergeMap, NEVER, type Observable } from 'rxjs';
import type { Fault, OutsideCall } from './fault.js';
import { Faults } from './faults.js';
import { HeldConnections } from './held-connections.js';

export interface OutsideRequest {
  params: Record<string, string>;
  headers: Record<string, string | undefined>;
  body: unknown;
}

type Describe = (request: OutsideRequest) => OutsideCall;

const DESCRIBE = 'outside-call';

/** A route that faults can strike, and how it is aimed at. */
export function Faulty(describe: Describe) {
  return applyDecorators(SetMetadata(DESCRIBE, describe), UseInterceptors(FaultInterceptor));
}

/** Lets a call meet its fault, before or after the handler acts. */
@Injectable()
export class FaultInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly faults: Faults,
    private readonly held: HeldConnections,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const describe = this.reflector.get<Describe>(DESCRIBE, context.getHandler());
    const call = describe(request as OutsideRequest);
    const fault = this.faults.strike(call);
    return fault ? this.#strike(fault, call, request, next) : next.handle();
  }

  #strike(
    { kind, durationMs }: Fault,
    call: OutsideCall,
    { raw: { socket } }: FastifyRequest,
    next: CallHandler,
  ): Observable<unknown> {
    switch (kind) {
      case 'late':
        return next.handle().pipe(delay(durationMs));
      case 'unavailable':
      case 'lookup-down':
        throw new ServiceUnavailableException(`${call.target} is unavailable; nothing was done`);
      case 'cut':
        return next.handle().pipe(
          mergeMap(() => {
            socket.destroy();
            return NEVER;
          }),
        );
      case 'hang-before':
        this.held.hold(socket, call, kind, false);
        return NEVER;
      case 'hang-after':
        return next.handle().pipe(
          mergeMap(() => {
            this.held.hold(socket, call, kind, true);
            return NEVER;
          }),
        );
    }
  }
}
