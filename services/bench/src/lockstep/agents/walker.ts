import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { TEXT } from '../../jobs/jobs.js';
import { takeStep } from '../../jobs/step.js';
import { act } from './act.effect.js';
import { type LongWalk, longWalk, type Walk, walker } from '../contracts.js';

@Agent(walker)
export class Walker {
  @Task(walker.walk, { timeout: '10m' })
  async walk(plan: Walk, task: TaskContext): Promise<void> {
    const job = task.workflow.id;
    for (let step = 1; step <= plan.steps; step += 1) {
      if (plan.acts) await task.effect(act, { key: `${job}/${step}`, input: { job, step, plan } });
      else await task.step('step', () => takeStep(job, step, plan));
    }
  }

  @Task(walker.walkFar, { timeout: '10m' })
  async walkFar({ steps, signals }: LongWalk, task: TaskContext): Promise<void> {
    for (let step = 1; step <= steps; step += 1) {
      await task.step('step', () => ({ step, text: TEXT }));
    }
    for (let taken = 1; taken <= signals; taken += 1) {
      await task.signal(longWalk.signals.goOn);
      await task.step('step', () => ({ step: steps + taken, text: TEXT }));
    }
  }
}

@Module({ controllers: [Walker] })
export class WalkerModule {}

await runAgent(WalkerModule);
