import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { legs, type Parcel } from './contracts.js';

/** Runs the role of one leg: it hands its parcel to the next, and the last one keeps it. */
export async function runLeg(number: keyof typeof legs): Promise<void> {
  const own = legs[number];
  const next = number < 5 ? legs[(number + 1) as keyof typeof legs] : undefined;

  @Agent(own)
  class Leg {
    @Task(own.pass, { timeout: '1m' })
    async pass(parcel: Parcel, task: TaskContext): Promise<void> {
      if (next) await task.handoff(next.pass, parcel);
    }
  }

  @Module({ controllers: [Leg] })
  class LegModule {}

  await runAgent(LegModule);
}
