import { Body, Controller, Get, Headers, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  type Answer,
  type ChangedRecord,
  isWriteTool,
  TOOL_ARGUMENTS,
  UNDO_ARGUMENTS,
} from '@lockstep/retail/shop';
import type { FastifyRequest } from 'fastify';
import { Arrivals } from '../arrival/arrivals.js';
import { Faulty, type OutsideRequest } from '../faults/fault.interceptor.js';
import type { FirstResult } from '../store/first-results.js';
import { Shop } from '../store/shop.js';
import { databaseName, notDone, referenceOf, toolName, undoName } from './names.js';
import { validated } from './validated.js';

const toolCall = ({ params, headers }: OutsideRequest) => ({
  target: params['tool'] ?? params['undo'] ?? '',
  database: params['database'] ?? '',
  reference: headers['x-reference'] ?? '',
});

const lookup = ({ params }: OutsideRequest) => ({
  target: 'shop-lookup',
  database: params['database'] ?? '',
  reference: params['reference'] ?? '',
});

/** The shop's databases: tools, administrative undos, look-ups and digests. */
@Controller('databases/:database')
export class DatabasesController {
  constructor(
    private readonly shop: Shop,
    private readonly arrivals: Arrivals,
  ) {}

  @Post('tools/:tool')
  @HttpCode(200)
  @Faulty(toolCall)
  tool(
    @Param('database') database: string,
    @Param('tool') tool: string,
    @Headers('x-reference') header: string | undefined,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Answer<unknown> {
    const name = toolName(tool);
    const args = validated<object>(TOOL_ARGUMENTS[name], body);
    this.arrivals.mustBeFresh(request.raw);
    return isWriteTool(name)
      ? this.shop.write(databaseName(database), name, args, referenceOf(header))
      : this.shop.read(databaseName(database), name, args);
  }

  @Post('undos/:undo')
  @HttpCode(200)
  @Faulty(toolCall)
  undo(
    @Param('database') database: string,
    @Param('undo') undo: string,
    @Headers('x-reference') header: string | undefined,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Answer<unknown> {
    const name = undoName(undo);
    const args = validated<object>(UNDO_ARGUMENTS[name], body);
    this.arrivals.mustBeFresh(request.raw);
    return this.shop.undo(databaseName(database), name, args, referenceOf(header));
  }

  /** The first result under a reference; 404 says that it was definitely not done. */
  @Get('references/:reference')
  @Faulty(lookup)
  firstResult(
    @Param('database') database: string,
    @Param('reference') reference: string,
  ): FirstResult {
    const found = this.shop.firstResult(database, reference);
    if (!found) throw notDone(reference);
    return found;
  }

  @Get('digest')
  digest(@Param('database') database: string): { digest: string } {
    return { digest: this.shop.digest(database) };
  }

  @Get('changed')
  changed(@Param('database') database: string): ChangedRecord[] {
    return this.shop.changed(database);
  }
}
