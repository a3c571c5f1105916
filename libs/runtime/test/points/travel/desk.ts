import { setTimeout as pause } from 'node:timers/promises';
import { TeamConfig } from '@lockstep/retail/effects';
import { BankClient } from '@lockstep/retail/shop';
import { Agent, Rejected, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { book, bookBlindly, bookingEffect, keyOf, theBank } from './booking.js';
import { type Counted, type Journey, team } from './contracts.js';

const { desk, clerk, porter } = team;

@Agent(desk)
export class Desk {
  private readonly seat = bookingEffect(this.bank, 'seat');
  private readonly stock = bookingEffect(this.bank, 'stock', clerk.putBack);
  readonly effects = [this.seat, this.stock];

  constructor(private readonly bank: BankClient) {}

  /** Fails while an effect of the clerk is in doubt. */
  @Task(desk.travel, { timeout: '60s' })
  async travel({ database }: Journey, task: TaskContext): Promise<Counted> {
    await book(task, this.stock, { database, name: 'stock' });
    await task.all([
      task.call(clerk.seat, { database, name: 'window' }),
      task.call(porter.seat, { database, name: 'aisle' }),
    ]);
    const held = task.call(clerk.hold, { database, name: 'hold' });
    held.catch(() => undefined); // nobody waits for it
    await book(task, this.seat, { database, name: 'last' });
    await task.step('wait for the word', ({ signal }) => this.word(database, signal));
    throw new Rejected('sold out');
  }

  @Task(desk.insist, { timeout: '60s' })
  async insist({ database }: Journey, task: TaskContext): Promise<Counted> {
    await task.step('first', () => bookBlindly(this.bank, database, 'first'));
    await book(task, this.seat, { database, name: 'second' });
    await task.step('third', () => this.mended(database));
    await book(task, this.seat, { database, name: 'fourth' });
    const { text } = await task.call(porter.count, { database, reference: 'fifth' });
    return { text };
  }

  /** Until somebody else has booked it. */
  private async word(database: string, signal: AbortSignal): Promise<void> {
    while (!(await this.isBooked(database, 'go'))) await pause(50, undefined, { signal });
  }

  private async mended(database: string): Promise<void> {
    if (!(await this.isBooked(database, 'go'))) throw new Rejected('it is broken');
  }

  private async isBooked(database: string, name: string): Promise<boolean> {
    return (await this.bank.booking(keyOf({ database, name }))) !== undefined;
  }
}

@Module({ controllers: [Desk], providers: [theBank] })
export class DeskModule {}

await runAgent(DeskModule, { config: TeamConfig });
