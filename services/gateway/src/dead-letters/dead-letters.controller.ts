import { Get, Query, Res } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { NAME_PATTERN } from '@lockstep/contracts';
import { type DeadLetter, DeadLetterReader, LogReader } from '@lockstep/store';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { DeadLettersReply } from '../openapi/replies.js';
import { ListPage } from '../requests/list-page.js';

export class DeadLettersQuery extends ListPage {
  @ApiProperty({ description: 'The role where the failures began' })
  @Matches(NAME_PATTERN, { message: '$property must name a role' })
  readonly role!: string;
}

@TenantController('v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetterReader,
    private readonly log: LogReader,
  ) {}

  @Get()
  @Describe({
    summary: "List a role's dead letters",
    answers: { 200: ['A page, the newest first', DeadLettersReply] },
  })
  async list(
    @CallerOf() { tenant }: Caller,
    @Query() { role, limit, cursor }: DeadLettersQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const query = { role, tenant, limit, ...(cursor !== undefined && { before: cursor }) };
    const { letters, next } = await this.deadLetters.list(query);
    const told = await Promise.all(
      letters.map(async (letter) => letterJson(letter, await this.requestOf(letter))),
    );
    const body = `{"deadLetters":[${told.join(',')}],"next":${JSON.stringify(next)}}`;
    await reply.type('application/json').send(body);
  }

  /** A letter is a reference: what its task was asked stays in the log alone. */
  private async requestOf({ wf, task }: DeadLetter): Promise<string> {
    if (wf === '') return 'null';
    for await (const event of this.log.read(wf)) {
      if (event.type === 'TaskScheduled' && event.task === task) return event.data;
    }
    return 'null';
  }
}

/** As JSON text, what was recorded put in as it is. */
function letterJson(
  { id, role, wf, task, version, atMs, meta }: DeadLetter,
  request: string,
): string {
  const told = JSON.stringify({ id, role, workflow: wf, task, version, atMs });
  return `${told.slice(0, -1)},"meta":${meta},"request":${request}}`;
}
