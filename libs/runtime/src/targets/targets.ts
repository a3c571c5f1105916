import type { AdmitReply, AskForAdmission, TargetOutcome, TargetStore } from '@lockstep/store';
import type { TaskLog } from '../context/task-log.js';
import { Bulkheads, type Leave } from './bulkheads.js';
import type { Target } from './target.js';

export interface TargetEvents {
  asked: (target: string, reply: AdmitReply['reply'] | 'busy') => void;
  reported: (target: string, outcome: TargetOutcome, seconds: number) => void;
}

export interface TargetsPorts {
  readonly store: Pick<TargetStore, 'declare' | 'admit' | 'report'>;
  /** How many tasks the process may hold. */
  readonly places: number;
  readonly logger: Pick<TaskLog, 'warn'>;
  readonly events: TargetEvents;
}

/** The targets, as one process goes to them. */
export class Targets {
  private readonly bulkheads: Bulkheads;
  private readonly declared = new Set<string>();

  constructor(private readonly ports: TargetsPorts) {
    this.bulkheads = new Bulkheads(ports.places);
  }

  /** A place inside the target's share of this process; null when all are taken. */
  enter(target: Target, claim: string): Leave | null {
    const leave = this.bulkheads.enter(target, claim);
    if (!leave) this.ports.events.asked(target.name, 'busy');
    return leave;
  }

  async admit(target: Target, ask: AskForAdmission): Promise<AdmitReply> {
    const { store, events } = this.ports;
    if (!this.declared.has(target.name)) await store.declare(target.name);
    this.declared.add(target.name);
    const reply = await store.admit(target.name, target.limits, ask);
    events.asked(target.name, reply.reply);
    return reply;
  }

  /** Nobody waits for it: a report that is lost leaves the permit to the end of its lease. */
  report(target: Target, permit: string, outcome: TargetOutcome, tookMs: number): void {
    const { store, events, logger } = this.ports;
    events.reported(target.name, outcome, tookMs / 1000);
    store.report(target.name, target.limits, permit, outcome, tookMs).catch((error: unknown) => {
      logger.warn({ err: error, target: target.name }, 'an outcome could not be reported');
    });
  }
}
