import { Injectable } from '@nestjs/common';
import { DeadLetterReader, HeadReader, parseLetterId, type TaskOfLetter } from '@lockstep/store';
import {
  type AskedRedrive,
  cancelling,
  type Command,
  type Decided,
  Decisions,
  redriving,
} from '../decisions/decisions.js';
import { UnknownDeadLetter } from '../problems/errors.js';
import { commandIdOf } from '../requests/command-id.js';

/** What a person decides about a dead letter: a decision about its task, or about its workflow. */
@Injectable()
export class LetterDecisions {
  constructor(
    private readonly reader: DeadLetterReader,
    private readonly heads: HeadReader,
    private readonly decisions: Decisions,
  ) {}

  /**
   * Runs the letter's task again.
   *
   * @param command - its `id` is the letter's
   * @throws UnknownDeadLetter, and what {@link Decisions.redrive} throws
   */
  async redrive(command: Command, asked: Omit<AskedRedrive, 'task'>): Promise<Decided> {
    const { wf, task } = await this.find(command, (letter) => redriving(letter.task));
    return this.decisions.redrive({ ...command, id: wf }, { ...asked, task });
  }

  /**
   * Gives the job up: its workflow is cancelled, and what it has committed is undone; it stays to be seen as such.
   *
   * @param command - its `id` is the letter's
   * @throws UnknownDeadLetter, and what {@link Decisions.cancel} throws
   */
  async discard(command: Command, reason: string): Promise<Decided> {
    const { wf } = await this.find(command, () => cancelling);
    return this.decisions.cancel({ ...command, id: wf }, reason, true);
  }

  /** A letter goes with the decision about it: only a repeat of that one finds its task again. */
  private async find(
    { caller: { tenant }, id, commandId }: Command,
    kindOf: (letter: TaskOfLetter) => string,
  ): Promise<TaskOfLetter> {
    const letter = await this.reader.get(id);
    if (letter?.tenant === tenant) return letter;
    const named = parseLetterId(id);
    const head = named && (await this.heads.read(named.wf));
    if (!named || head?.tenant !== tenant) throw new UnknownDeadLetter(id);
    const command = commandIdOf(kindOf(named), commandId);
    if ((await this.heads.commandAt(named.wf, command)) !== null) return named;
    throw new UnknownDeadLetter(id);
  }
}
