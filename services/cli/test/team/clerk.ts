import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, AgentConfig, effect, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { clerk, filing, listening, type Word } from './contracts.js';

const send = effect<string, string>('send', {
  perform: () => Promise.reject(new Error('the line went dead')),
});

const pathOf = (word: string): string => join(import.meta.dirname, word);

const file = effect<string, string>('file', {
  deduplicates: true,
  perform: async (word) => {
    await writeFile(pathOf(word), '');
    return word;
  },
  compensate: { deduplicates: true, perform: (word) => rm(pathOf(word), { force: true }) },
});

@Agent(clerk)
export class Clerk {
  readonly effects = [file];

  @Task(clerk.greet)
  greet({ word }: Word, task: TaskContext): Promise<Word> {
    return task.step('greet', () => ({ word: `hello ${word}` }));
  }

  @Task(clerk.listen)
  listen(_: unknown, task: TaskContext): Promise<Word> {
    return task.signal(listening.signals.word);
  }

  @Task(clerk.fetch)
  fetch({ word }: Word, task: TaskContext): Promise<Word> {
    const fetched = (): Word => {
      if (existsSync(pathOf(word))) return { word };
      throw new Error(`there is no ${word}`);
    };
    return task.step('fetch', fetched, { retry: { attempts: 1 } });
  }

  @Task(clerk.send)
  async send({ word }: Word, task: TaskContext): Promise<Word> {
    return { word: await task.effect(send, { key: word, input: word }) };
  }

  @Task(clerk.file)
  async file({ word }: Word, task: TaskContext): Promise<Word> {
    await task.effect(file, { key: `${word}-1`, input: `${word}-1` });
    await task.savepoint('filed');
    await task.effect(file, { key: `${word}-2`, input: `${word}-2` });
    return task.signal(filing.signals.word);
  }
}

@Module({ controllers: [Clerk] })
export class ClerkModule {}

await runAgent(ClerkModule, { config: AgentConfig });
