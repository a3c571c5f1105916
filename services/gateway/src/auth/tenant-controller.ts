import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { CallerGuard } from './caller.guard.js';

/** A controller that only known callers reach, each within its own tenant. */
export const TenantController = (path: string): ClassDecorator =>
  applyDecorators(Controller(path), UseGuards(CallerGuard), ApiBearerAuth());
