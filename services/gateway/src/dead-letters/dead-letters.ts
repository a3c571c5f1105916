import { Injectable } from '@nestjs/common';
import type { PersonsOption, RecordedEvent } from '@lockstep/kernel';
import {
  type DeadLetter,
  type DeadLetterGroup,
  type DeadLetterQuery,
  DeadLetterReader,
  groupsOf,
  HeadReader,
  LogReader,
  type PageQuery,
} from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { States } from '../history/states.js';
import { UnknownDeadLetter } from '../problems/errors.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';

/** A letter, and what its task was asked: JSON text, `null` when the log does not have it. */
export type Asked = DeadLetter & { readonly request: string };

export interface Shown {
  readonly letter: Asked;
  /** The latest before it was written, in order. */
  readonly events: readonly RecordedEvent[];
  readonly options: readonly PersonsOption[];
}

export interface Groups {
  readonly groups: readonly DeadLetterGroup[];
  /** Where counting stopped; null when all letters are counted. */
  readonly next: string | null;
}

/** Events that are shown before a letter. */
const BEFORE = 30;

@Injectable()
export class DeadLetters {
  constructor(
    private readonly reader: DeadLetterReader,
    private readonly workflows: OwnWorkflows,
    private readonly heads: HeadReader,
    private readonly log: LogReader,
    private readonly states: States,
  ) {}

  async list(
    query: DeadLetterQuery,
    page: PageQuery,
  ): Promise<{ readonly letters: readonly Asked[]; readonly next: string | null }> {
    const { letters, next } = await this.reader.list(query, page);
    return { letters: await Promise.all(letters.map((letter) => this.asked(letter))), next };
  }

  async groups(query: DeadLetterQuery, before: string | undefined): Promise<Groups> {
    const page = { limit: Infinity, ...(before !== undefined && { before }) };
    const { letters, next } = await this.reader.list(query, page);
    return { groups: groupsOf(letters), next };
  }

  /** @throws UnknownDeadLetter when there is none, or it is another tenant's */
  async show(caller: Caller, id: string): Promise<Shown> {
    const letter = await this.reader.get(id);
    if (letter?.tenant !== caller.tenant) throw new UnknownDeadLetter(id);
    const { wf, task, version } = letter;
    const head = await this.workflows.head(caller, wf);
    const [asked, events, { parked }] = await Promise.all([
      this.asked(letter),
      this.log.all(wf, Math.max(1, version - BEFORE + 1), version),
      this.states.at(head),
    ]);
    const options = parked.find((each) => each.task === task)?.options ?? [];
    return { letter: asked, events, options };
  }

  /** A letter is a reference: what its task was asked stays in the log alone. */
  private async asked(letter: DeadLetter): Promise<Asked> {
    const { wf, task } = letter;
    const version = await this.heads.requestAt(wf, task);
    const [event] = version === null ? [] : await this.log.all(wf, version, version);
    return { ...letter, request: event?.data || 'null' };
  }
}
