import { type AnyRole, LockstepError } from '@lockstep/contracts';
import type { DynamicModule, Type } from '@nestjs/common';
import { roleOf } from './agent.decorator.js';

export type AgentModule = Type | DynamicModule;

/** A service's agents do not do what their role says. */
export class InvalidAgent extends LockstepError {
  readonly code = 'InvalidAgent';
  readonly kind = 'defect';
}

/**
 * The one role of a module's agents, those of imported modules included.
 *
 * @throws InvalidAgent when there is none, or more than one
 */
export function roleOfModule(module: AgentModule): AnyRole {
  const roles = new Set([...controllersOf(module)].flatMap((each) => roleOf(each) ?? []));
  const [role, another] = roles;
  const name = moduleName(module);
  if (!role) {
    throw new InvalidAgent(
      `${name} has no agent: list a class with @Agent(role) among its controllers`,
      { module: name },
    );
  }
  if (another) {
    throw new InvalidAgent(
      `${name} has agents of ${role.inbox} and of ${another.inbox}: give each role a service of its own`,
      { module: name, roles: [...roles].map(({ inbox }) => inbox) },
    );
  }
  return role;
}

/** What is listed, in `@Module` and where a module is made dynamically. */
function* controllersOf(module: AgentModule, seen = new Set<unknown>()): Generator<object> {
  if (seen.has(module)) return;
  seen.add(module);
  yield* listed<object>(module, 'controllers');
  for (const imported of listed<unknown>(module, 'imports')) {
    if (isModule(imported)) yield* controllersOf(imported, seen);
  }
}

function listed<Item>(module: AgentModule, what: 'controllers' | 'imports'): Item[] {
  const decorated = typeof module === 'function' ? module : module.module;
  const own = (Reflect.getMetadata(what, decorated) ?? []) as Item[];
  return typeof module === 'function' ? own : [...own, ...((module[what] ?? []) as Item[])];
}

/** Promises and forward references are left out: a role is known before anything runs. */
const isModule = (value: unknown): value is AgentModule =>
  typeof value === 'function' || (typeof value === 'object' && value !== null && 'module' in value);

const moduleName = (module: AgentModule): string =>
  typeof module === 'function' ? module.name : module.module.name;
