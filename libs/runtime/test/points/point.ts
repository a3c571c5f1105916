// Which calls are points, and in which order they are tried.
//
//   Calls are numbered by who makes them and what they are, as in "the desk's third append", and not by when they
//   are made: two processes, and the connections of one, send in another order in each run.
//
//   Of the calls that a clock makes (heartbeats, looks for messages that others forgot) a run has as many as it
//   lasts: only the first that falls into a run is a point. Left out are
//   - reads that found nothing: a blocking read is counted by its answer. Whoever is killed while it waits is killed
//     between two other calls;
//   - how a connection begins (HELLO, CLIENT, INFO), and the PING of the health check: they tell and change nothing.

export type Moment = 'killed before' | 'killed after' | 'reply lost';

export interface Point {
  readonly moment: Moment;
  /** Role and name, as in `desk append`. */
  readonly call: string;
  /** From 1. */
  readonly nth: number;
}

export const nameOf = ({ moment, call, nth }: Point): string => `${moment} ${call} ${nth}`;

const BY_THE_CLOCK = new Set(['heartbeat', 'XAUTOCLAIM']);
const LEFT_OUT = new Set(['HELLO', 'CLIENT', 'INFO', 'PING']);
const BLOCKING_READS = new Set(['XREADGROUP']);

export const isByTheClock = (name: string): boolean => BY_THE_CLOCK.has(name);

export const isLeftOut = (name: string): boolean => LEFT_OUT.has(name);

/** Whether it is asked before there is anything to answer. */
export const isBlockingRead = (name: string): boolean => BLOCKING_READS.has(name);
