import type { RolledBack } from '@lockstep/contracts';
import { TeamConfig } from '@lockstep/retail/effects';
import { BankClient } from '@lockstep/retail/shop';
import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { book, bookingEffect, theBank } from './booking.js';
import { type Booked, type Counted, type Journey, type Seat, team } from './contracts.js';

const { porter } = team;

@Agent(porter)
export class Porter {
  private readonly seat = bookingEffect(this.bank, 'seat');
  private readonly mail = bookingEffect(this.bank, 'mail');
  readonly effects = [this.seat, this.mail];

  constructor(private readonly bank: BankClient) {}

  @Task(porter.seat, { timeout: '60s' })
  reserve(seat: Seat, task: TaskContext): Promise<Booked> {
    return book(task, this.seat, seat);
  }

  @Task(porter.count, { timeout: '60s' })
  async count({ reference }: Booked, task: TaskContext): Promise<Counted> {
    const text = await task.step('count', () => `counted ${reference.split('/').at(-1)}`);
    return { text };
  }

  /** After a rollback. */
  @Task(porter.tell, { timeout: '60s' })
  async tell({ request, cause }: RolledBack, task: TaskContext): Promise<Counted> {
    const { database } = request as unknown as Journey;
    await book(task, this.mail, { database, name: 'mail' });
    return { text: `${cause.reason}: nothing is booked any more` };
  }
}

@Module({ controllers: [Porter], providers: [theBank] })
export class PorterModule {}

await runAgent(PorterModule, { config: TeamConfig });
