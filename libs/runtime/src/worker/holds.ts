import type { TaskId, WorkflowId } from '@lockstep/kernel';
import { type Partitions, randomClaimId } from '@lockstep/store';
import { ClaimLost, type ShuttingDown } from './claimed-task.js';
import { Hold } from './hold.js';

/** Every claim that this process has, or that is on its way. */
export class Holds {
  /** By workflow and task; a task may be claimed again while an older hold of it unwinds. */
  private readonly byTask = new Map<string, readonly Hold[]>();

  constructor(private readonly partitions: Pick<Partitions, 'of'>) {}

  get count(): number {
    return this.all().length;
  }

  /** Picks the id of a new claim (S2), and lists it from now on. */
  begin(wf: WorkflowId, task: TaskId): Hold {
    const hold = new Hold(wf, task, randomClaimId());
    this.byTask.set(nameOf(hold), [...this.ofTask(hold), hold]);
    return hold;
  }

  end(hold: Hold): void {
    const others = this.ofTask(hold).filter((each) => each !== hold);
    if (others.length > 0) this.byTask.set(nameOf(hold), others);
    else this.byTask.delete(nameOf(hold));
  }

  has(hold: Hold): boolean {
    return this.ofTask(hold).includes(hold);
  }

  of(partition: number): Hold[] {
    return this.all().filter(({ wf }) => this.partitions.of(wf) === partition);
  }

  /** A newer claim of the same task was granted, so no older one stands (G2). */
  supersede(granted: Hold): void {
    for (const hold of this.ofTask(granted)) {
      if (hold !== granted && hold.listed.claim)
        hold.lose(new ClaimLost('this process claimed the task again'));
    }
  }

  loseAll(reason: ShuttingDown): void {
    for (const hold of this.all()) hold.lose(reason);
  }

  private all(): Hold[] {
    return [...this.byTask.values()].flat();
  }

  private ofTask(hold: Pick<Hold, 'wf' | 'task'>): readonly Hold[] {
    return this.byTask.get(nameOf(hold)) ?? [];
  }
}

const nameOf = ({ wf, task }: Pick<Hold, 'wf' | 'task'>): string => `${wf} ${task}`;
