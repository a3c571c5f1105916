// What the one role of these tests does: what a person then has to do with.

import { Nothing, role, signal, task, workflow } from '@lockstep/contracts';
import { IsString } from 'class-validator';

export class Word {
  @IsString() word!: string;
}

export const clerk = role('clerk', {
  greet: task(Word, Word),
  listen: task(Nothing, Word),
  fetch: task(Word, Word),
  send: task(Word, Word),
  file: task(Word, Word),
});

/** Is done at once. */
export const greeting = workflow('greeting', { root: clerk.greet });
/** Waits to be told a word. */
export const listening = workflow('listening', {
  root: clerk.listen,
  signals: { word: signal(Word) },
});
/** Fails until the word lies in the team's folder. */
export const fetching = workflow('fetching', { root: clerk.fetch, onFailure: 'park' });
/** Sends a word to a provider that never says whether it came. */
export const sending = workflow('sending', { root: clerk.send });
/** Files a word twice, and waits to be told another one; what is filed can be taken away. */
export const filing = workflow('filing', { root: clerk.file, signals: { word: signal(Word) } });
