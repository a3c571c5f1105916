import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { role, task } from '@lockstep/contracts';
import { createService, currentBindings } from '@lockstep/host';
import { type ErrorChain, NotPerformed, type WorkflowId } from '@lockstep/kernel';
import { LogReader, Partitions, randomWorkflowId, ROOT_TASK, Store } from '@lockstep/store';
import { eventually, type RedisServer, startRedis } from '@lockstep/testing';
import {
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  Injectable,
  Module,
  type NestInterceptor,
  type PipeTransform,
  type Provider,
  Scope,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';

import { IsInt } from 'class-validator';
import { Redis } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import { map, type Observable } from 'rxjs';
import { Agent, Task, type TaskContext } from '../src/index.js';
import { agentService } from '../src/agent/run-agent.js';

class Amount {
  @IsInt() amount!: number;
}
const sums = role('sums', { double: task(Amount, Amount) });

@Injectable()
class Calculator {
  double(amount: number): number {
    return amount * 2;
  }
}

@Agent(sums)
class SumsAgent {
  constructor(private readonly calculator: Calculator) {}

  @Task(sums.double, { timeout: '30s' })
  double({ amount }: Amount, context: TaskContext): Promise<Amount> {
    return context.step('double', () => ({ amount: this.calculator.double(amount) }));
  }
}

describe('an agent on its transport', () => {
  let server: RedisServer;
  let redis: Redis;
  let store: Store;
  let log: LogReader;
  let app: INestApplication | undefined;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    const partitions = new Partitions(8);
    store = new Store(redis, partitions);
    log = new LogReader(redis, partitions);
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  async function serve(agents: Type[], providers: Provider[] = []): Promise<void> {
    @Module({ controllers: agents, providers: [Calculator, ...providers] })
    class Agents {}
    const environment = { LOCKSTEP_REDIS_URL: server.url, LOCKSTEP_LOG_LEVEL: 'silent' };
    app = await createService(Agents, { ...agentService(Agents), environment });
  }

  async function double(amount: number): Promise<WorkflowId> {
    const wf = randomWorkflowId();
    await store.start({
      ...{ wf, tenant: 'acme', type: 'job', digest: 'd', root: ROOT_TASK, inbox: sums.inbox },
      started: { type: 'job', version: 1, tenant: 'acme', root: ROOT_TASK },
      scheduled: { role: 'sums', major: 1, name: 'double', version: 1, by: null, returnTo: null },
      request: JSON.stringify({ amount }),
    });
    return wf;
  }

  const outcomeOf = (wf: WorkflowId) =>
    eventually(
      async () =>
        (await log.all(wf)).find(({ type }) => type === 'TaskCompleted' || type === 'TaskFailed'),
      { what: 'the task ends' },
    );
  const resultOf = async (wf: WorkflowId): Promise<unknown> =>
    JSON.parse((await outcomeOf(wf)).data);
  const failureOf = async (wf: WorkflowId): Promise<ErrorChain> => {
    const event = await outcomeOf(wf);
    if (event.type !== 'TaskFailed') throw new Error('the task did not fail');
    return event.meta.error;
  };

  it('gives its handler the request as its class, the context and what it injects', async () => {
    const seen = jest.fn();
    @Agent(sums)
    class Watched {
      constructor(private readonly calculator: Calculator) {}
      @Task(sums.double)
      double(request: Amount, context: TaskContext): Promise<Amount> {
        seen(request, context.workflow.tenant);
        return context.step('double', () => ({ amount: this.calculator.double(request.amount) }));
      }
    }
    await serve([Watched]);
    expect(await resultOf(await double(4))).toEqual({ amount: 8 });
    expect(seen).toHaveBeenCalledWith(expect.any(Amount), 'acme');
  });

  it('makes request-scoped providers anew for each task', async () => {
    let made = 0;
    @Injectable({ scope: Scope.REQUEST })
    class Numbered {
      readonly number = (made += 1);
    }
    @Agent(sums)
    class Scoped {
      constructor(private readonly numbered: Numbered) {}
      @Task(sums.double)
      double(): Promise<Amount> {
        return Promise.resolve({ amount: this.numbered.number });
      }
    }
    await serve([Scoped], [Numbered]);
    expect(await resultOf(await double(0))).toEqual({ amount: 1 });
    expect(await resultOf(await double(0))).toEqual({ amount: 2 });
  });

  it('names workflow, task, role and trace in what it logs', async () => {
    const lines: Record<string, unknown>[] = [];
    @Agent(sums)
    class Logging {
      constructor(private readonly logger: PinoLogger) {}
      @Task(sums.double)
      double(request: Amount, context: TaskContext): Promise<Amount> {
        this.logger.info('doubled');
        lines.push({ ...currentBindings() });
        context.log.info({}, 'doubled');
        return Promise.resolve(request);
      }
    }
    await serve([Logging]);
    const wf = await double(4);
    await outcomeOf(wf);
    expect(lines).toMatchObject([
      { workflow: wf, task: 'r', role: 'sums', traceId: wf.slice('wf-'.length) },
    ]);
  });

  it('asks guards, of the class and of the application, before the handler', async () => {
    const asked: string[] = [];
    const guard = (name: string, yes: boolean) => {
      @Injectable()
      class Guard implements CanActivate {
        canActivate(context: ExecutionContext): boolean {
          asked.push(`${name} ${context.switchToRpc().getData<Amount>().amount}`);
          return yes;
        }
      }
      return Guard;
    };
    @Agent(sums)
    @UseGuards(guard('class', false))
    class Guarded extends SumsAgent {
      @Task(sums.double)
      override double(): Promise<Amount> {
        asked.push('handler');
        return Promise.resolve({ amount: 0 });
      }
    }
    await serve([Guarded], [{ provide: APP_GUARD, useClass: guard('application', true) }]);
    expect((await failureOf(await double(1)))[0]).toMatchObject({ message: 'Forbidden resource' });
    expect(asked).toEqual(['application 1', 'class 1']);
  });

  it('sends the request through pipes', async () => {
    const addOne: PipeTransform<Amount, Amount> = {
      transform: ({ amount }) => ({ amount: amount + 1 }),
    };
    @Agent(sums)
    class Piped {
      @Task(sums.double)
      double(@Payload(addOne) { amount }: Amount): Promise<Amount> {
        return Promise.resolve({ amount });
      }
    }
    await serve([Piped]);
    expect(await resultOf(await double(4))).toEqual({ amount: 5 });
  });

  it('sends the result through interceptors', async () => {
    const negate: NestInterceptor<Amount, Amount> = {
      intercept: (_context, next: CallHandler<Amount>): Observable<Amount> =>
        next.handle().pipe(map(({ amount }) => ({ amount: -amount }))),
    };
    @Agent(sums)
    @UseInterceptors(negate)
    class Intercepted extends SumsAgent {
      @Task(sums.double)
      override double(request: Amount, context: TaskContext): Promise<Amount> {
        return super.double(request, context);
      }
    }
    await serve([Intercepted]);
    expect(await resultOf(await double(4))).toEqual({ amount: -8 });
  });

  it('records what a handler threw with its code and its causes', async () => {
    @Agent(sums)
    class Failing {
      @Task(sums.double)
      double(): Promise<Amount> {
        const cause = new RangeError('too far');
        return Promise.reject(new NotPerformed('the bank is closed', undefined, { cause }));
      }
    }
    await serve([Failing]);
    expect(await failureOf(await double(4))).toMatchObject([
      { code: 'NotPerformed', kind: 'transient', message: 'the bank is closed' },
      { name: 'RangeError', message: 'too far' },
    ]);
  });

  it('records no result that violates its contract', async () => {
    @Agent(sums)
    class Wrong {
      @Task(sums.double)
      double(): Promise<Amount> {
        return Promise.resolve({ amount: 0.5 });
      }
    }
    await serve([Wrong]);
    expect((await failureOf(await double(4)))[0]).toMatchObject({ code: 'ContractViolation' });
  });

  it('does not start without a handler for each task of its role', async () => {
    @Agent(sums)
    class Idle {}
    await expect(serve([Idle])).rejects.toThrow(
      'the agent of sums@1 does not fit its role: sums@1/double has no method with its @Task',
    );
  });

  it('does not start with a handler of another role', async () => {
    const others = role('others', { halve: task(Amount, Amount) });
    @Agent(sums)
    class Mixed extends SumsAgent {
      @Task(others.halve)
      halve({ amount }: Amount): Promise<Amount> {
        return Promise.resolve({ amount });
      }
    }
    await expect(serve([Mixed])).rejects.toThrow('others@1/halve is not a task of this role');
  });

  it('does not start with two handlers of one task', async () => {
    @Agent(sums)
    class Another extends SumsAgent {}
    await expect(serve([SumsAgent, Another])).rejects.toThrow(
      'sums@1/double has two methods with its @Task',
    );
  });
});
