import type { Actor } from '../time/actor.js';
import type { Command } from './command.js';

/** What goes over the network: a call that leaves a process, or the answer that comes back. */
export interface Message {
  readonly from: 'actor' | 'store' | 'world';
  readonly actor: Actor;
  readonly call: Command;
  /** Where it comes from the store. */
  readonly reply?: unknown;
  /** Where it goes to the store or comes from there. */
  readonly connection?: { break(downMs: number): void };
}
