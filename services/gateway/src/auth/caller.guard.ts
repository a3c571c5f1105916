import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Unauthorized } from '../problems/errors.js';
import { ApiKeys, type Caller, LOCAL_CALLER } from './api-keys.js';
import { isLoopback } from './loopback.js';

const callers = new WeakMap<FastifyRequest, Caller>();

/** Lets nobody through whose credential is not known; remembers whose it is. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(private readonly keys: ApiKeys) {}

  /**
   * @throws Unauthorized when there are keys and the request carries none of them, or there is none and the
   *   request was not meant for this machine
   */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = this.keys.isEmpty ? localCaller(request) : this.keys.find(bearerOf(request));
    if (!caller) throw new Unauthorized();
    callers.set(request, caller);
    return true;
  }
}

/** A page of a foreign site can make a browser ask here, but not under this machine's name. */
const localCaller = ({ hostname }: FastifyRequest): Caller | null =>
  isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')) ? LOCAL_CALLER : null;

const bearerOf = ({ headers }: FastifyRequest): string =>
  /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';

/** The caller that the guard has let through. @throws Unauthorized */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (!caller) throw new Unauthorized();
  return caller;
}

export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
