import { runAgent } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { LoyaltyAgent } from './loyalty.agent.js';

@Module({ controllers: [LoyaltyAgent] })
class LoyaltyModule {}

await runAgent(LoyaltyModule);
