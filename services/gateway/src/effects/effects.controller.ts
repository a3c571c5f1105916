import { Get, Query } from '@nestjs/common';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { EffectsReply } from './effects.replies.js';
import { EffectsQuery } from './effects.requests.js';
import { type EffectList, Effects } from './effects.js';

@TenantController('v1/effects')
export class EffectsController {
  constructor(private readonly effects: Effects) {}

  @Get()
  @Describe({
    summary:
      'List the effects that are not settled: in doubt, or waiting for a person, as the views know them. ' +
      'A completed workflow may have one, of a call that it wanted no more',
    answers: {
      200: [
        'A page, the newest doubt first; it may be short and yet have a next one',
        EffectsReply,
      ],
    },
  })
  list(
    @CallerOf() caller: Caller,
    @Query() { limit, cursor, ...filter }: EffectsQuery,
  ): Promise<EffectList> {
    return this.effects.list(caller, filter, { limit, before: cursor });
  }
}
