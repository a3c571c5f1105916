import { setTimeout as pause } from 'node:timers/promises';
import { RolledBack } from '@lockstep/contracts';
import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { tell, undo } from '../programs/afterwards.js';
import { type Answer, Assignment, Receipt, roles } from '../programs/contracts.js';
import { Interpreter } from '../programs/interpreter.js';
import { Effects } from '../programs/outside.js';
import type { RoleName } from '../programs/program.js';
import { BankWorld, TIMES } from './bank-world.js';
import { ProgramConfig } from './program-config.js';

const work = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });

/** Runs an agent which does what the programs say. */
export async function runRole(name: RoleName): Promise<void> {
  const own = roles[name];

  @Agent(own)
  class ProgramAgent {
    private readonly outside: Effects;
    readonly effects: Effects['all'];

    constructor(private readonly config: ProgramConfig) {
      this.outside = new Effects(new BankWorld(config.shopUrl), TIMES);
      this.effects = this.outside.all;
    }

    @Task(own.run, { timeout: '60s' })
    run(assignment: Assignment, task: TaskContext): Promise<Answer> {
      const means = { effects: this.outside, release: this.config.programRelease, work };
      return new Interpreter(assignment, task, means).run();
    }

    @Task(own.undo, { timeout: '60s' })
    undo(receipt: Receipt, task: TaskContext): Promise<void> {
      return undo(receipt, task, this.outside);
    }

    @Task(own.tell, { timeout: '60s' })
    tell(rolledBack: RolledBack, task: TaskContext): Promise<void> {
      return tell(rolledBack, task, this.outside);
    }
  }

  @Module({ controllers: [ProgramAgent] })
  class ProgramModule {}

  await runAgent(ProgramModule, { config: ProgramConfig });
}
