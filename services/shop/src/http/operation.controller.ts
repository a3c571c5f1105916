import { Controller, Get, Header } from '@nestjs/common';
import { Metrics } from '../metrics.js';
import { StoreFile } from '../store/store-file.js';

/** Health and metrics. */
@Controller()
export class OperationController {
  constructor(
    private readonly store: StoreFile,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live() {
    return { status: 'ok' };
  }

  /** Ready when the store answers. */
  @Get('health/ready')
  ready() {
    this.store.check();
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text(): Promise<string> {
    return this.metrics.text();
  }
}
