import { TeamConfig } from '@lockstep/retail/effects';
import { MailClient } from '@lockstep/retail/shop';
import { Module } from '@nestjs/common';
import { NotifierAgent } from './notifier.agent.js';

@Module({
  controllers: [NotifierAgent],
  providers: [
    {
      provide: MailClient,
      useFactory: ({ shopUrl }: TeamConfig) => new MailClient(shopUrl),
      inject: [TeamConfig],
    },
  ],
})
export class NotifierModule {}
