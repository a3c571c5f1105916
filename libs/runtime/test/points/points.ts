// The points that are tried, found while they are tried: nobody tells how many there are.

import { digestOf } from '@lockstep/retail/shop';
import { isBlockingRead, isByTheClock, type Moment, type Point } from './point.js';

/** Runs without a call that another run made: a busy machine makes a worker do what it seldom does. */
const MOST_MISSES = 3;
const MOST_MISSES_BY_THE_CLOCK = 100;

/** The points of one call at one moment. */
class Series {
  readonly reached = new Set<number>();
  isOver = false;
  private readonly name: string;
  private nth = 0;
  private misses = 0;

  constructor(
    readonly moment: Moment,
    readonly call: string,
  ) {
    this.name = call.slice(call.indexOf(' ') + 1);
  }

  get canBeTried(): boolean {
    return this.moment !== 'killed before' || !isBlockingRead(this.name);
  }

  next(): Point {
    this.nth = isByTheClock(this.name) ? 1 : this.nth + 1;
    return { moment: this.moment, call: this.call, nth: this.nth };
  }

  ended(nth: number, wasReached: boolean): void {
    if (wasReached) this.reached.add(nth);
    else this.misses += 1;
    if (this.reached.size === 0) this.tryFirstAgain();
    else this.isOver = isByTheClock(this.name) || this.misses > 0;
  }

  private tryFirstAgain(): void {
    this.nth = 0;
    this.isOver = this.misses >= (isByTheClock(this.name) ? MOST_MISSES_BY_THE_CLOCK : MOST_MISSES);
  }
}

/** How much of them is tried. */
export interface Part {
  /** Draws the order of the calls. */
  readonly seed: number;
  /** Points after which no other is tried. */
  readonly most: number;
}

/** All points of some moments: each call's first, second … until a run ends without having come so far. */
export class Points {
  private readonly series: Series[] = [];

  /** @param part - default all, in the order in which the calls are found */
  constructor(
    private readonly moments: readonly Moment[],
    private readonly part?: Part,
  ) {}

  /** How many were reached. */
  get count(): number {
    return this.series.reduce((sum, { reached }) => sum + reached.size, 0);
  }

  /** Calls at which a run has struck. */
  get calls(): ReadonlySet<string> {
    const struck = this.series.filter(({ reached }) => reached.size > 0);
    return new Set(struck.map(({ call }) => call));
  }

  /** Tells of calls that a run has made. */
  found(calls: readonly string[]): void {
    const isKnown = (call: string): boolean => this.series.some((each) => each.call === call);
    const added = calls
      .filter((call) => !isKnown(call))
      .flatMap((call) => this.moments.map((moment) => new Series(moment, call)))
      .filter(({ canBeTried }) => canBeTried);
    this.series.push(...this.inOrder(added));
  }

  /** The next to be tried; undefined when none is left for now. */
  next(): Point | undefined {
    if (this.part && this.count >= this.part.most) return undefined;
    const at = this.series.findIndex(({ isOver }) => !isOver);
    const [series] = at < 0 ? [] : this.series.splice(at, 1);
    if (series) this.series.push(series); // in turn, so that few are tried in vain where several are at once
    return series?.next();
  }

  /** What a run made of its point. */
  ended({ moment, call, nth }: Point, wasReached: boolean): void {
    const isIts = (series: Series): boolean => series.moment === moment && series.call === call;
    this.series.find(isIts)?.ended(nth, wasReached);
  }

  private inOrder(series: readonly Series[]): readonly Series[] {
    const { part } = this;
    if (!part) return series;
    const lot = ({ moment, call }: Series): string => digestOf([part.seed, moment, call]);
    return [...series].sort((a, b) => (lot(a) < lot(b) ? -1 : 1));
  }
}
