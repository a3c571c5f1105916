/* global fetch */
// The service of an agent, as a process of its own: each of its steps asks at the gate of a test before it goes on.

import { Nothing, role, task } from '@lockstep/contracts';
import { Agent, runAgent, Task } from '@lockstep/runtime';
import { Module } from '@nestjs/common';

const gated = role('gated', { run: task(Nothing, Nothing) });

class GatedAgent {
  async run(_request, context) {
    for (const step of ['first', 'second']) await context.step(step, (io) => pass(step, io));
  }
}

async function pass(step, { signal }) {
  const answer = await fetch(`${process.env.GATE_URL}/${step}`, { signal });
  return answer.status;
}

class GatedModule {}

const run = Object.getOwnPropertyDescriptor(GatedAgent.prototype, 'run');
Task(gated.run)(GatedAgent.prototype, 'run', run);
Agent(gated)(GatedAgent);
Module({ controllers: [GatedAgent] })(GatedModule);

await runAgent(GatedModule);
