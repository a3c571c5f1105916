// How much of one process a target may take: a slow one must leave places to all others.
//
//   U1. At most a target's share of the places, and at least one, is with tasks that are inside it.
//   U2. A task is inside from before its first attempt until it has an outcome or waits suspended, however many
//       operations of it are there together.

import type { Target } from './target.js';

export type Leave = () => void;

export class Bulkheads {
  /** By target, then by claim: how many operations are there. */
  private readonly inside = new Map<string, Map<string, number>>();

  constructor(private readonly places: number) {}

  /** Null when the target's share is taken. @param claim - of the task that wants to be inside */
  enter({ name, share }: Pick<Target, 'name' | 'share'>, claim: string): Leave | null {
    const tasks = this.tasksIn(name);
    const count = tasks.get(claim) ?? 0;
    if (count === 0 && tasks.size >= Math.max(1, Math.floor(share * this.places))) return null; // U1
    tasks.set(claim, count + 1);
    return () => {
      const left = (tasks.get(claim) ?? 1) - 1;
      if (left === 0) tasks.delete(claim);
      else tasks.set(claim, left); // U2
    };
  }

  private tasksIn(target: string): Map<string, number> {
    const tasks = this.inside.get(target) ?? new Map<string, number>();
    this.inside.set(target, tasks);
    return tasks;
  }
}
