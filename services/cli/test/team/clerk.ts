import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, AgentConfig, effect, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { clerk, listening, type Word } from './contracts.js';

const send = effect<string, string>('send', {
  perform: () => Promise.reject(new Error('the line went dead')),
});

@Agent(clerk)
export class Clerk {
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
      if (existsSync(join(import.meta.dirname, word))) return { word };
      throw new Error(`there is no ${word}`);
    };
    return task.step('fetch', fetched, { retry: { attempts: 1 } });
  }

  @Task(clerk.send)
  async send({ word }: Word, task: TaskContext): Promise<Word> {
    return { word: await task.effect(send, { key: word, input: word }) };
  }
}

@Module({ controllers: [Clerk] })
export class ClerkModule {}

await runAgent(ClerkModule, { config: AgentConfig });
