// Who is registered, and who has a connection: what the store knows, and what the server sees.
//
//   R1. The roll is called only when something may have changed, and now and then: to list all clients is most of
//       what a look costs the server. In between it is asked for one known connection of each worker, by its id.
//   R2. A worker whose known connection is gone may have others. The roll says.
//   R3. A worker registers in all partitions at once: one of them, in turn, tells who is new.
//   R4. A worker connects before it registers, so the clients are listed last.

import { inOneGo, type Partitions } from '@lockstep/store';
import type { ChainableCommander, Redis } from 'ioredis';

export interface Roll {
  readonly registered: ReadonlySet<string>;
  readonly connected: ReadonlySet<string>;
}

type Question = (pipeline: ChainableCommander) => ChainableCommander;

export class RollCall {
  private registered: ReadonlySet<string> = new Set();
  /** Ids of one connection of each registered worker that has any. */
  private known: ReadonlyMap<string, string> = new Map();
  private checks = 0;
  private chars = 0;

  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /** How much the server listed for the last answer, unit characters. */
  get listedChars(): number {
    return this.chars;
  }

  /** Whether everybody is there who was on the roll, and nobody else has come (R1). */
  async isUnchanged(): Promise<boolean> {
    const partition = this.checks++ % this.partitions.count; // R3
    const ids = [...this.known.values()];
    const listed: Question = (pipeline) => pipeline.client('LIST', 'ID', ...ids);
    const questions = [this.workersOf(partition), ...(ids.length > 0 ? [listed] : [])];
    const [workers, clients] = await this.ask(questions);
    const connected = this.read(clients);
    const isOld = (worker: string): boolean => this.registered.has(worker);
    const isThere = (worker: string): boolean => connected.has(worker);
    return (workers as string[]).every(isOld) && [...this.known.keys()].every(isThere);
  }

  /** Asks for all of them. */
  async call(): Promise<Roll> {
    const workers = [...this.partitions.tags.keys()].map((partition) => this.workersOf(partition));
    const replies = await this.ask([...workers, (pipeline) => pipeline.client('LIST')]); // R4
    const connected = this.read(replies.pop());
    this.registered = new Set((replies as string[][]).flat());
    this.known = new Map([...connected].filter(([worker]) => this.registered.has(worker)));
    return { registered: this.registered, connected: new Set(connected.keys()) };
  }

  private workersOf(partition: number): Question {
    return (pipeline) => pipeline.zrange(this.partitions.workers(partition), '0', '-1');
  }

  private ask(questions: readonly Question[]): Promise<unknown[]> {
    return inOneGo(this.redis, questions, (pipeline, question) => question(pipeline));
  }

  private read(clients: unknown): Map<string, string> {
    const list = typeof clients === 'string' ? clients : '';
    this.chars = list.length;
    return connectionsOf(list);
  }
}

/** Id of a connection of each worker, from the server's CLIENT LIST. */
export function connectionsOf(clientList: string): Map<string, string> {
  const connections = clientList.matchAll(/^id=(\d+) .* name=ls:(\S+)/gm);
  return new Map([...connections].map(([, id = '', worker = '']) => [worker, id]));
}
