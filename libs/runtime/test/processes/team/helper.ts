import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { type Errand, helper, type Part, type Report, type Word } from './contracts.js';
import { TeamConfig, theWorld } from './team-config.js';
import { WorldClient } from './world-client.js';

@Agent(helper)
export class Helper {
  constructor(private readonly world: WorldClient) {}

  @Task(helper.part, { timeout: '60s' })
  async part({ name, number }: Part, task: TaskContext): Promise<Word> {
    const step = `part-${number}`;
    const word = await task.step(step, ({ signal }) => this.world.do(name, step, signal));
    return { word };
  }

  @Task(helper.finish, { timeout: '60s' })
  async finish({ name }: Errand, task: TaskContext): Promise<Report> {
    const line = await task.step('finish', ({ signal }) => this.world.do(name, 'finish', signal));
    return { lines: [line] };
  }
}

@Module({ controllers: [Helper], providers: [theWorld] })
export class HelperModule {}

await runAgent(HelperModule, { config: TeamConfig });
