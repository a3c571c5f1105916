import { Module } from '@nestjs/common';
import { Supervisor } from './supervisor.js';

@Module({ providers: [Supervisor] })
export class SupervisorModule {}
