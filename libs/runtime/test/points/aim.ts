import type { Call, Fate } from '@lockstep/testing';
import { isBlockingRead, isLeftOut, type Moment, type Point } from './point.js';

/** Who makes calls, and can be killed. */
export interface Caller {
  readonly role: string;
  readonly isKilled: boolean;
  /** At once, as a crash does. */
  kill(): void;
}

/** Counts the calls of one run, and strikes when it comes to a point; at the next point, counted from there. */
export class Aim {
  /** How often each call was made, from the last but one point to the last. */
  readonly counts = new Map<string, number>();
  private readonly open = new Map<Call, number>();
  private readonly left: Point[];

  /** @param points - in this order; none to strike nowhere */
  constructor(private readonly points: readonly Point[]) {
    this.left = [...points];
  }

  /** Whether it has struck at every point. */
  get isDone(): boolean {
    return this.points.length > 0 && this.left.length === 0;
  }

  /** Whether every call that was made is answered. */
  get isQuiet(): boolean {
    return this.open.size === 0;
  }

  leaves(call: Call, by: Caller): Fate {
    if (by.isKilled) return 'lost';
    if (this.isDone || isLeftOut(call.name) || isBlockingRead(call.name)) return 'passed';
    const nth = this.count(call, by);
    this.open.set(call, nth);
    return this.strike('killed before', call, nth, by);
  }

  returns(call: Call, isEmpty: boolean, by: Caller): Fate {
    if (by.isKilled) return 'lost';
    if (this.isDone) return 'passed';
    const nth = isBlockingRead(call.name) && !isEmpty ? this.count(call, by) : this.open.get(call);
    this.open.delete(call);
    if (nth === undefined) return 'passed';
    const isKilled = this.strike('killed after', call, nth, by) === 'lost';
    return isKilled ? 'lost' : this.strike('reply lost', call, nth, by);
  }

  private count(call: Call, by: Caller): number {
    const name = fullName(call, by);
    const nth = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, nth);
    return nth;
  }

  private strike(moment: Moment, call: Call, nth: number, by: Caller): Fate {
    const [point] = this.left;
    if (point?.moment !== moment || point.call !== fullName(call, by) || point.nth !== nth)
      return 'passed';
    this.left.shift();
    this.open.clear();
    if (this.left.length > 0) this.counts.clear();
    if (moment !== 'reply lost') by.kill();
    return 'lost';
  }
}

/** What differs between runs left out: databases and references. */
const fullName = ({ name }: Call, { role }: Caller): string =>
  `${role} ${name.replace(/\/databases\/[^/]+/, '').replace(/\/references\/.*/, '/references')}`;
