// Which calls are points, and in which order they are tried.
//
//   Calls are numbered by who makes them and what they are, as in "the desk's third append", and not by when they
//   are made: two processes, and the connections of one, send in another order in each run.
//
//   Left out are calls that a clock makes, and which come as often as a run lasts: heartbeats, looks for messages
//   that others forgot (XAUTOCLAIM), reads that found nothing, and the PING of the health check. Whoever is killed
//   there is killed between two others. Left out as well is how a connection begins (HELLO, CLIENT, INFO): nothing
//   depends on it but what is sent afterwards.

export type Moment = 'killed before' | 'killed after' | 'reply lost';

export interface Point {
  readonly moment: Moment;
  /** Role and name, as in `desk append`. */
  readonly call: string;
  /** From 1. */
  readonly nth: number;
}

export const nameOf = ({ moment, call, nth }: Point): string => `${moment} ${call} ${nth}`;

const NOT_OF_THE_WORK = new Set(['heartbeat', 'XAUTOCLAIM', 'PING', 'HELLO', 'CLIENT', 'INFO']);
const BLOCKING_READS = new Set(['XREADGROUP']);

/** Whether a run of the job makes it, and always as often. */
export const isOfTheWork = (name: string): boolean => !NOT_OF_THE_WORK.has(name);

/** Whether it is asked before there is anything to answer: only its answer is an event of the run. */
export const isBlockingRead = (name: string): boolean => BLOCKING_READS.has(name);

const commandOf = (call: string): string => call.slice(call.indexOf(' ') + 1);

interface Series {
  readonly moment: Moment;
  readonly call: string;
  nth: number;
  reached: number;
  isOver: boolean;
}

/** All points of some moments: each call's first, second … until a run ends without having come so far. */
export class Points {
  private readonly series: Series[] = [];

  constructor(private readonly moments: readonly Moment[]) {}

  /** How many were reached. */
  get count(): number {
    return this.series.reduce((sum, { reached }) => sum + reached, 0);
  }

  /** Calls that were found, and not one of their points was reached. */
  get missed(): string[] {
    return this.series.filter(({ reached }) => reached === 0).map(({ call }) => call);
  }

  /** Tells of calls that a run has made. */
  found(calls: readonly string[]): void {
    for (const call of calls) if (!this.series.some((each) => each.call === call)) this.add(call);
  }

  /** The next to be tried; undefined when none is left for now. */
  next(): Point | undefined {
    const at = this.series.findIndex(({ isOver }) => !isOver);
    const [series] = at < 0 ? [] : this.series.splice(at, 1);
    if (!series) return undefined;
    this.series.push(series); // in turn, so that few are tried in vain where several are at once
    series.nth += 1;
    const { moment, call, nth } = series;
    return { moment, call, nth };
  }

  /** What a run made of its point. */
  ended({ moment, call }: Point, wasReached: boolean): void {
    const series = this.series.find((each) => each.moment === moment && each.call === call)!;
    if (wasReached) series.reached += 1;
    else series.isOver = true;
  }

  private add(call: string): void {
    for (const moment of this.moments) {
      if (moment === 'killed before' && isBlockingRead(commandOf(call))) continue;
      this.series.push({ moment, call, nth: 0, reached: 0, isOver: false });
    }
  }
}
