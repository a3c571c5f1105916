// What goes between a process and the store.

export type Args = readonly (string | number)[];

/** As the client calls it. */
export interface Command {
  readonly name: string;
  readonly args: Args;
}

/** As it is sent to Redis. */
export type Call = readonly [name: string, ...args: Args];

/** One call of a process: it is answered once, however often it was sent. */
export interface Request extends Command {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What the store answered, and how its caller hears of it. */
export interface Answer {
  readonly reply: unknown;
  readonly deliver: () => void;
}

/** A connection as the store has it. */
export interface Line {
  /** What came while the store was at the one before, oldest first. */
  readonly queue: Request[];
  answer(request: Request, answer: Answer): void;
}
