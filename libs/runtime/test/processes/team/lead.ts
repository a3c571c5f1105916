import { Agent, runAgent, type StepIo, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { type Errand, helper, lead, type Report, round, waiting } from './contracts.js';
import { TeamConfig, theWorld } from './team-config.js';
import { pay, refund, WorldClient } from './world-client.js';

@Agent(lead)
export class Lead {
  constructor(private readonly world: WorldClient) {}

  @Task(lead.walk, { timeout: '60s' })
  async walk({ name }: Errand, task: TaskContext): Promise<Report> {
    const first = await this.step(task, name, 'first');
    const second = await this.step(task, name, 'second');
    const third = await this.step(task, name, 'third');
    return { lines: [first, second, third] };
  }

  @Task(lead.pay, { timeout: '60s' })
  async pay({ name }: Errand, task: TaskContext): Promise<Report> {
    const before = await this.step(task, name, 'before');
    const receipt = await task.effect(pay(this.world), { key: name, input: name });
    const after = await this.step(task, name, 'after');
    return { lines: [before, receipt, after] };
  }

  @Task(lead.refund, { timeout: '60s' })
  async refund({ name }: Errand, task: TaskContext): Promise<Report> {
    const before = await this.step(task, name, 'before');
    const receipt = await task.effect(refund(this.world), { key: name, input: name });
    const after = await this.step(task, name, 'after');
    return { lines: [before, receipt, after] };
  }

  @Task(lead.insist, { timeout: '60s', retry: { attempts: 3, baseMs: 100 } })
  async insist({ name }: Errand, task: TaskContext): Promise<Report> {
    const attempt = async ({ signal }: StepIo): Promise<never> => {
      await this.world.do(name, 'try', signal);
      throw new Error('the world is busy');
    };
    return { lines: [await task.step('try', attempt, { retry: { attempts: 1 } })] };
  }

  @Task(lead.nap, { timeout: '60s' })
  async nap({ name }: Errand, task: TaskContext): Promise<Report> {
    const before = await this.step(task, name, 'before');
    await task.sleep('2s');
    const after = await this.step(task, name, 'after');
    return { lines: [before, after] };
  }

  @Task(lead.await, { timeout: '60s' })
  async await({ name }: Errand, task: TaskContext): Promise<Report> {
    const before = await this.step(task, name, 'before');
    const { word } = await task.signal(waiting.signals.go);
    const after = await this.step(task, name, 'after');
    return { lines: [before, word, after] };
  }

  @Task(lead.share, { timeout: '60s' })
  async share({ name }: Errand, task: TaskContext): Promise<Report> {
    return { lines: await this.parts(task, name, 4) };
  }

  @Task(lead.gather, { timeout: '60s' })
  async gather({ name }: Errand, task: TaskContext): Promise<Report> {
    return { lines: await this.parts(task, name, 100) };
  }

  @Task(lead.hand, { timeout: '60s' })
  async hand({ name }: Errand, task: TaskContext): Promise<Report> {
    await this.step(task, name, 'before');
    return task.handoff(helper.finish, { name });
  }

  @Task(lead.round, { timeout: '60s' })
  async round({ name }: Errand, task: TaskContext): Promise<Report> {
    const before = await this.step(task, name, 'before');
    const words = await this.parts(task, name, 2);
    await task.state(round).merge({ parts: words.length });
    const receipt = await task.effect(pay(this.world), { key: name, input: name });
    await task.sleep(20);
    const after = await this.step(task, name, 'after');
    return { lines: [before, ...words, receipt, after] };
  }

  /** Numbered from 1; what they answer, in that order. */
  private async parts(task: TaskContext, name: string, count: number): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, at) => at + 1);
    const parts = numbers.map((number) => task.call(helper.part, { name, number }));
    return (await task.all(parts)).map(({ word }) => word);
  }

  private step(task: TaskContext, name: string, step: string): Promise<string> {
    return task.step(step, ({ signal }) => this.world.do(name, step, signal));
  }
}

@Module({ controllers: [Lead], providers: [theWorld] })
export class LeadModule {}

await runAgent(LeadModule, { config: TeamConfig });
