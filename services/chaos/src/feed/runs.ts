import { setTimeout as wait } from 'node:timers/promises';
import type { WorkflowId } from '@lockstep/kernel';
import { pick, randomFrom } from '@lockstep/testing';
import type { Tally } from '../faults/tally.js';
import { CALL_OFFS } from '../programs/call-off.js';
import { workflows } from '../programs/contracts.js';
import { generate } from '../programs/generate.js';
import { type Program, signalsOf } from '../programs/program.js';
import type { GatewayClient } from './gateway-client.js';

/** Programs of one run whose seeds are its own. */
const PROGRAMS_A_RUN = 1_000_000;
const REPEATED_SHARE = 0.15;
const CALLED_OFF_SHARE = 0.1;
const LATEST_SIGNAL_MS = 1500;
const LATEST_CALL_OFF_MS = 3000;

/** A program that was started. */
export interface Run {
  readonly name: string;
  readonly seed: number;
  readonly program: Program;
  readonly wf: WorkflowId;
}

/** Starts the programs of a run, one after the other, and tells them what they wait for. */
export class Runs {
  #count = 0;
  #startedAtMs = 0;

  constructor(
    private readonly seed: number,
    private readonly gateway: GatewayClient,
    private readonly tally: Tally,
  ) {}

  get started(): number {
    return this.#count;
  }

  /** When the last start was acknowledged, by the wall clock. */
  get startedAtMs(): number {
    return this.#startedAtMs;
  }

  /** Starts the next one; what it waits for is sent by and by. */
  async start(): Promise<Run> {
    const seed = this.seed * PROGRAMS_A_RUN + this.#count;
    this.#count += 1;
    const program = generate(seed);
    const random = randomFrom(seed);
    const name = `program-${seed}`;
    const { type } = workflows[program.policy];
    const request = { name, task: program.root };
    const wf = await this.gateway.start(name, type, request);
    this.#startedAtMs = Date.now();
    if (this.#isRepeated('start-repeated', random)) await this.gateway.start(name, type, request);
    this.#tell(wf, name, program, random);
    if (random() < CALLED_OFF_SHARE) this.#callOff(wf, name, random);
    return { name, seed, wf, program };
  }

  #tell(wf: WorkflowId, name: string, program: Program, random: () => number): void {
    for (const signal of signalsOf(program)) {
      const times = this.#isRepeated('signal-repeated', random) ? 2 : 1;
      const send = async (): Promise<void> => {
        await wait(random() * LATEST_SIGNAL_MS);
        for (let sent = 0; sent < times; sent += 1)
          await this.gateway.tell(wf, signal, `${name}-${signal}`);
      };
      void send().catch(() => undefined); // the run is over
    }
  }

  #callOff(wf: WorkflowId, name: string, random: () => number): void {
    const how = pick(CALL_OFFS, random);
    const ask = async (): Promise<void> => {
      await wait(random() * LATEST_CALL_OFF_MS);
      if (await this.gateway.callOff(wf, how, `${name}-call-off`))
        this.tally.add('called-off', true);
    };
    void ask().catch(() => undefined); // the run is over
  }

  #isRepeated(kind: 'start-repeated' | 'signal-repeated', random: () => number): boolean {
    const isRepeated = random() < REPEATED_SHARE;
    if (isRepeated) this.tally.add(kind, true);
    return isRepeated;
  }
}
