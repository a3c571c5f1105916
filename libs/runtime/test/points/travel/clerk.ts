import { TeamConfig } from '@lockstep/retail/effects';
import { BankClient } from '@lockstep/retail/shop';
import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { book, bookingEffect, silentEffect, theBank } from './booking.js';
import { type Booked, type Counted, type Seat, team } from './contracts.js';

const { clerk, porter } = team;

@Agent(clerk)
export class Clerk {
  private readonly seat = bookingEffect(this.bank, 'seat');
  private readonly held = silentEffect(this.bank, 'hold');
  private readonly returned = bookingEffect(this.bank, 'return');
  readonly effects = [this.seat, this.held, this.returned];

  constructor(private readonly bank: BankClient) {}

  @Task(clerk.seat, { timeout: '60s' })
  async reserve(seat: Seat, task: TaskContext): Promise<Booked> {
    const booked = await book(task, this.seat, seat);
    await task.call(porter.seat, { ...seat, name: `${seat.name}-luggage` });
    return booked;
  }

  @Task(clerk.hold, { timeout: '60s' })
  hold(seat: Seat, task: TaskContext): Promise<Booked> {
    return book(task, this.held, seat);
  }

  /** Undoes what the desk took from the stock. */
  @Task(clerk.putBack, { timeout: '60s' })
  async putBack(taken: Booked, task: TaskContext): Promise<Counted> {
    const counted = await task.call(porter.count, taken);
    await book(task, this.returned, { database: taken.database, name: 'put-back' });
    return counted;
  }
}

@Module({ controllers: [Clerk], providers: [theBank] })
export class ClerkModule {}

await runAgent(ClerkModule, { config: TeamConfig });
