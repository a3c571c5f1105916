import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { Health, type HealthReport } from './health.js';

@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  /** 200 while no loop is stuck, else 503: start this process again. */
  @Get('live')
  async live(): Promise<HealthReport> {
    return okOr503(await this.health.live());
  }

  /** 200 while this process can work, else 503: it will be well again by itself. */
  @Get('ready')
  async ready(): Promise<HealthReport> {
    return okOr503(await this.health.ready());
  }
}

function okOr503(report: HealthReport): HealthReport {
  if (report.ok) return report;
  throw new ServiceUnavailableException(report);
}
