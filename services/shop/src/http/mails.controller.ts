import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { Mail } from '@lockstep/retail/shop';
import type { FastifyRequest } from 'fastify';
import { Arrivals } from '../arrival/arrivals.js';
import { Faulty, type OutsideRequest } from '../faults/fault.interceptor.js';
import { Outbox } from '../store/book.js';
import { bookingCall, ListQuery, MailBody } from './bookings.js';
import { notDone } from './names.js';
import { validated } from './validated.js';

const lookup = ({ params }: OutsideRequest) => ({
  target: 'mail-lookup',
  reference: params['reference'] ?? '',
});

/** The mail outbox. It sends twice when asked twice, and can be asked whether it sent. */
@Controller('mails')
export class MailsController {
  constructor(
    private readonly outbox: Outbox,
    private readonly arrivals: Arrivals,
  ) {}

  @Post()
  @Faulty(bookingCall('mail'))
  send(@Body() body: unknown, @Req() request: FastifyRequest): Mail {
    const mail = validated(MailBody, body);
    this.arrivals.mustBeFresh(request.raw);
    return this.outbox.add(mail);
  }

  /** The first mail under a reference; 404 says that it was definitely not sent. */
  @Get('references/:reference')
  @Faulty(lookup)
  first(@Param('reference') reference: string): Mail {
    const found = this.outbox.first(reference);
    if (!found) throw notDone(reference);
    return found;
  }

  @Get()
  list(@Query() query: unknown): Mail[] {
    return this.outbox.list(validated(ListQuery, query));
  }
}
