import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { takeStep } from '../../jobs/step.js';
import { type Walk, walker } from '../contracts.js';

@Agent(walker)
export class Walker {
  @Task(walker.walk, { timeout: '10m' })
  async walk(plan: Walk, task: TaskContext): Promise<void> {
    const { id } = task.workflow;
    for (let step = 1; step <= plan.steps; step += 1) {
      await task.step('step', () => takeStep(id, step, plan));
    }
  }
}

@Module({ controllers: [Walker] })
export class WalkerModule {}

await runAgent(WalkerModule);
