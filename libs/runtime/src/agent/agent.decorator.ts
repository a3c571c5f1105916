import type { AnyRole } from '@lockstep/contracts';
import { applyDecorators, Controller, SetMetadata, UseFilters } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA } from '@nestjs/common/constants.js';
import { PassThroughFilter } from './pass-through.filter.js';

const ROLE = Symbol('lockstep:role');

/**
 * Makes a class the agent of a role: a Nest controller whose {@link Task} methods do the role's tasks. Guards,
 * pipes, interceptors and filters of the class apply; they run again whenever a task is replayed.
 */
export function Agent(role: AnyRole): ClassDecorator {
  return (target) => {
    applyDecorators(Controller(), SetMetadata(ROLE, role))(target);
    behindTheClassesOwn(target);
  };
}

/** The role of an agent's class; undefined for any other. */
export const roleOf = (target: object): AnyRole | undefined =>
  Reflect.getMetadata(ROLE, target) as AnyRole | undefined;

/** Nest asks the last filter first: a class's own filters are asked before errors pass through. */
function behindTheClassesOwn(target: Parameters<ClassDecorator>[0]): void {
  const own = (Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, target) ?? []) as object[];
  Reflect.deleteMetadata(EXCEPTION_FILTERS_METADATA, target);
  UseFilters(PassThroughFilter, ...(own as Parameters<typeof UseFilters>))(target);
}
