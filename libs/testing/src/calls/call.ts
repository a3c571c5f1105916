/** One call that leaves a process; the same object from its request to its answer. */
export interface Call {
  /** `claim` for a function of the library, `XRANGE` for a command, `GET /orders/1` for a request over HTTP. */
  readonly name: string;
}

/** What becomes of a request or an answer: it is passed on, or lost and its connection broken. */
export type Fate = 'passed' | 'lost';

/** Decides over every call of a process, one by one. */
export interface Crossing {
  /** The process has sent it, and the server has not got it. */
  leaves(call: Call): Fate;
  /**
   * The server has answered, and the process does not know.
   *
   * @param isEmpty - the answer brings nothing
   */
  returns(call: Call, isEmpty: boolean): Fate;
}

/** A way to a server on which every call is told to a {@link Crossing}. */
export interface CallProxy extends AsyncDisposable {
  /** On the loopback interface. */
  readonly port: number;
}
