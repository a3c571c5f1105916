import { Injectable, Logger } from '@nestjs/common';
import {
  type Discard,
  type PageQuery,
  placeText,
  type UnreadableMessage,
  UnreadableMessages,
} from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { UnknownMessage } from '../problems/errors.js';

/** A message that nobody could read, as it is told. */
export interface UnreadableEntry {
  readonly id: string;
  /** Whose inbox it came by. */
  readonly role: string;
  /** When it was buried. */
  readonly atMs: number;
  /** The inbox, the message's id there, and its fields. */
  readonly found: unknown;
}

export interface Unreadables {
  readonly messages: readonly UnreadableEntry[];
  readonly next: string | null;
}

export type Discarded = Discard & { readonly id: string };

@Injectable()
export class Unreadable {
  private readonly logger = new Logger(Unreadable.name);

  constructor(private readonly store: UnreadableMessages) {}

  async list(role: string | undefined, page: PageQuery): Promise<Unreadables> {
    const { messages, next } = await this.store.list(role, page);
    return { messages: messages.map(entryOf), next };
  }

  /** @throws UnknownMessage */
  async show(id: string): Promise<UnreadableEntry> {
    const message = await this.store.get(id);
    if (!message) throw new UnknownMessage(id);
    return entryOf(message);
  }

  /**
   * Removes a message. The first who does counts, and is told from then on.
   *
   * @throws UnknownMessage
   */
  async discard({ by }: Caller, id: string, reason: string): Promise<Discarded> {
    const discard = await this.store.discard(id, { by, reason, atMs: Date.now() });
    if (!discard) throw new UnknownMessage(id);
    this.logger.warn({ message: id, ...discard }, 'an unreadable message is discarded');
    return { id, ...discard };
  }
}

function entryOf({ found, atMs, ...place }: UnreadableMessage): UnreadableEntry {
  return { id: placeText(place), role: place.role, atMs, found: JSON.parse(found) as unknown };
}
