import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { AnyEffect } from '../effects/spec.js';
import { InvalidAgent } from './agents.js';
import { roleOf } from './agent.decorator.js';

/** An agent whose effects can be undone. */
export interface HasEffects {
  /** Each effect that says how it is undone: where a rollback finds it. */
  readonly effects: readonly AnyEffect[];
}

/**
 * The effects that the agents of an application list, by action.
 *
 * @throws InvalidAgent when two have the same action
 */
export function effectsOf(app: INestApplication): ReadonlyMap<string, AnyEffect> {
  const byAction = new Map<string, AnyEffect>();
  for (const listed of agentsOf(app).flatMap(({ effects = [] }) => effects)) {
    if (byAction.has(listed.action)) {
      throw new InvalidAgent(`two effects are listed for the action ${listed.action}`, {
        action: listed.action,
      });
    }
    byAction.set(listed.action, listed);
  }
  return byAction;
}

function agentsOf(app: INestApplication): Partial<HasEffects>[] {
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype, instance }) =>
    metatype && roleOf(metatype) ? [instance as Partial<HasEffects>] : [],
  );
}
