import { type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NotAnOperator } from '../problems/errors.js';
import { callerOf } from './caller.guard.js';

/** Lets operators through alone: what is behind it concerns all tenants of the installation. */
@Injectable()
class OperatorGuard implements CanActivate {
  /** @throws NotAnOperator */
  canActivate(context: ExecutionContext): boolean {
    const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (!caller.operator) throw new NotAnOperator();
    return true;
  }
}

/** A route, or a controller, of what all tenants share. Only where the callers are known. */
export const OperatorsOnly = (): MethodDecorator & ClassDecorator => UseGuards(OperatorGuard);
