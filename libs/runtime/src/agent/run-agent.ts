import type { AnyRole } from '@lockstep/contracts';
import {
  type ConfigClass,
  Health,
  Loops,
  Metrics,
  RedisConnections,
  refuseToStart,
  type ServiceOptions,
  startService,
} from '@lockstep/host';
import type { INestApplication } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { LockstepStrategy } from '../strategy/lockstep-strategy.js';
import { AgentConfig } from '../worker/agent-config.js';
import { openWorker } from '../worker/open-worker.js';
import { undoTask } from '../rollback/undo-task.js';
import { type AgentModule, roleOfModule } from './agents.js';
import { effectsOf } from './effects.js';

export interface AgentOptions<Config extends AgentConfig> {
  /** Default {@link AgentConfig}. */
  readonly config?: ConfigClass<Config>;
}

/**
 * Runs the service of a role until a signal ends it: the tasks of the module's agents, with health and metrics
 * over HTTP. What keeps it from starting is told in one sentence, and the process ends with status 1.
 */
export async function runAgent<Config extends AgentConfig>(
  module: AgentModule,
  options: AgentOptions<Config> = {},
): Promise<void> {
  await startService(module, serviceOrRefuse(module, options));
}

function serviceOrRefuse<Config extends AgentConfig>(
  module: AgentModule,
  options: AgentOptions<Config>,
): ServiceOptions<Config> {
  try {
    return agentService(module, options);
  } catch (error) {
    refuseToStart('the agent', error);
  }
}

/**
 * How the agents of a module run as a service.
 *
 * @throws InvalidAgent when they have no role, or more than one
 */
export function agentService<Config extends AgentConfig>(
  module: AgentModule,
  { config = AgentConfig as ConfigClass<Config> }: AgentOptions<Config> = {},
): ServiceOptions<Config> {
  const role = roleOfModule(module);
  return {
    name: role.name,
    config,
    configure: connectWorker(role),
  };
}

/** The application's global guards, pipes and interceptors are those of its tasks as well. */
export const connectWorker =
  (role: AnyRole) =>
  async (app: INestApplication, config: AgentConfig): Promise<void> => {
    const effects = effectsOf(app);
    const worker = openWorker(role, {
      config,
      effects,
      metrics: app.get(Metrics),
      logger: await app.resolve(PinoLogger),
      connections: app.get(RedisConnections),
      loops: app.get(Loops),
    });
    app.get(Health).readyWhen('worker', () => {
      if (!worker.isRunning) throw new Error('takes no work');
    });
    const strategy = new LockstepStrategy(role, worker, [undoTask(role, effects)]);
    app.connectMicroservice({ strategy }, { inheritAppConfig: true });
  };
