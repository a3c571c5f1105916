import { Injectable } from '@nestjs/common';
import { type Breaker, BreakerReader, type ForceBreaker, Store } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { IdempotencyConflict, UnknownTarget } from '../problems/errors.js';
import { commandIdOf } from '../requests/command-id.js';

export interface ForceCommand {
  readonly caller: Caller;
  readonly target: string;
  /** The command's own, against doubles. */
  readonly commandId: string;
  readonly state: ForceBreaker['state'];
  readonly reason: string;
}

/** What an operator sees of the targets, and moves. They are the installation's: no tenant owns one. */
@Injectable()
export class Breakers {
  constructor(
    private readonly breakers: BreakerReader,
    private readonly store: Store,
  ) {}

  list(): Promise<readonly Breaker[]> {
    return this.breakers.list();
  }

  /** @throws UnknownTarget, IdempotencyConflict */
  async force({ caller, target, commandId, state, reason }: ForceCommand): Promise<Breaker> {
    await this.find(target);
    const command = { commandId: commandIdOf(state, commandId), state, by: caller.by, reason };
    const reply = await this.store.targets.force(target, command);
    if (reply.reply === 'duplicate' && reply.reason !== reason) {
      throw new IdempotencyConflict('a decision');
    }
    return this.find(target);
  }

  private async find(target: string): Promise<Breaker> {
    const found = await this.breakers.get(target);
    if (!found) throw new UnknownTarget(target);
    return found;
  }
}
