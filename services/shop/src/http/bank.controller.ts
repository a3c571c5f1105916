import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { BankEntry } from '@lockstep/retail/shop';
import type { FastifyRequest } from 'fastify';
import { Arrivals } from '../arrival/arrivals.js';
import { Faulty, type OutsideRequest } from '../faults/fault.interceptor.js';
import { Bank } from '../store/book.js';
import { BankEntryBody, bookingCall, ListQuery } from './bookings.js';
import { notDone } from './names.js';
import { validated } from './validated.js';

const lookup = ({ params }: OutsideRequest) => ({
  target: 'bank-lookup',
  reference: params['reference'] ?? '',
});

/** The bank. It books twice when asked twice, and can be asked whether it booked. */
@Controller('bank')
export class BankController {
  constructor(
    private readonly bank: Bank,
    private readonly arrivals: Arrivals,
  ) {}

  @Post('entries')
  @Faulty(bookingCall('bank'))
  book(@Body() body: unknown, @Req() request: FastifyRequest): BankEntry {
    const entry = validated(BankEntryBody, body);
    this.arrivals.mustBeFresh(request.raw);
    return this.bank.add(entry);
  }

  /** The first entry under a reference; 404 says that it was definitely not booked. */
  @Get('references/:reference')
  @Faulty(lookup)
  first(@Param('reference') reference: string): BankEntry {
    const found = this.bank.first(reference);
    if (!found) throw notDone(reference);
    return found;
  }

  @Get('entries')
  list(@Query() query: unknown): BankEntry[] {
    return this.bank.list(validated(ListQuery, query));
  }
}
