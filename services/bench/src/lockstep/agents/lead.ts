import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { PARTS, TEXT } from '../../jobs/jobs.js';
import { helper, lead } from '../contracts.js';

@Agent(lead)
export class Lead {
  @Task(lead.share, { timeout: '1m' })
  async share(_: unknown, task: TaskContext): Promise<void> {
    const parts = Array.from({ length: PARTS }, (_, number) =>
      task.call(helper.part, { number, text: TEXT }),
    );
    await task.all(parts);
  }
}

@Module({ controllers: [Lead] })
export class LeadModule {}

await runAgent(LeadModule);
