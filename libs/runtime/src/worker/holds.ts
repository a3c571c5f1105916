import type { TaskId, WorkflowId } from '@lockstep/kernel';
import { type Partitions, randomClaimId } from '@lockstep/store';
import { ClaimLost, type ShuttingDown } from './claimed-task.js';
import { Hold } from './hold.js';

/** Every claim that this process has, or that is on its way. */
export class Holds {
  private readonly all = new Set<Hold>();

  constructor(private readonly partitions: Pick<Partitions, 'of'>) {}

  get count(): number {
    return this.all.size;
  }

  /** Picks the id of a new claim (S2), and lists it from now on. */
  begin(wf: WorkflowId, task: TaskId): Hold {
    const hold = new Hold(wf, task, randomClaimId());
    this.all.add(hold);
    return hold;
  }

  end(hold: Hold): void {
    this.all.delete(hold);
  }

  has(hold: Hold): boolean {
    return this.all.has(hold);
  }

  of(partition: number): Hold[] {
    return [...this.all].filter(({ wf }) => this.partitions.of(wf) === partition);
  }

  /** A newer claim of the same task was granted, so no older one stands (G2). */
  supersede(granted: Hold): void {
    for (const hold of this.all) {
      const older = hold !== granted && hold.wf === granted.wf && hold.task === granted.task;
      if (older && hold.listed.claim)
        hold.lose(new ClaimLost('this process claimed the task again'));
    }
  }

  loseAll(reason: ShuttingDown): void {
    for (const hold of this.all) hold.lose(reason);
  }
}
