import { LockstepError } from '@lockstep/contracts';
import { planRedrive } from '@lockstep/kernel';
import type { HeadReader } from '../heads.js';
import { digestOf } from '../ids.js';
import type { LogReader } from '../log.js';
import type { Store } from '../store.js';
import type { DeadLetter } from './letter.js';
import { letterId } from './place.js';
import type { RedriveJob, RedriveRefusal } from './redrive-jobs.js';

/** Times to plan anew when others change the workflow meanwhile. */
const ATTEMPTS = 3;

/** Runs the task of a dead letter again, as a job asks for it: once, however often it is called. */
export class LetterRedriver {
  constructor(
    private readonly heads: Pick<HeadReader, 'read'>,
    private readonly log: Pick<LogReader, 'all'>,
    private readonly store: Pick<Store, 'resume'>,
  ) {}

  /** Null when it goes again, or did before; else why it cannot. */
  async redrive(letter: DeadLetter, job: RedriveJob): Promise<RedriveRefusal | null> {
    const id = letterId(letter);
    try {
      const isDone = await this.decide(letter, job, digestOf(`${job.id} ${id}`).slice(0, 32));
      const message = 'others kept changing its workflow';
      return isDone ? null : { id, code: 'WorkflowChanged', message };
    } catch (error) {
      if (!(error instanceof LockstepError) || error.kind === 'transient') throw error;
      return { id, code: error.code, message: error.message };
    }
  }

  private async decide(
    { wf, task }: DeadLetter,
    job: RedriveJob,
    command: string,
  ): Promise<boolean> {
    const { by, reason } = job;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const head = await this.heads.read(wf);
      if (!head) return true; // it went, and its letter with it
      const events = await this.log.all(wf, 1, head.version);
      const plan = planRedrive(events, { task, by, reason });
      const { reply } = await this.store.resume(wf, command, head.version, plan);
      if (reply !== 'conflict') return true;
    }
    return false;
  }
}
