import { Agent, runAgent, Task } from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { helper, type Parcel } from '../contracts.js';

@Agent(helper)
export class Helper {
  @Task(helper.part, { timeout: '1m' })
  part(parcel: Parcel): Promise<Parcel> {
    return Promise.resolve(parcel);
  }
}

@Module({ controllers: [Helper] })
export class HelperModule {}

await runAgent(HelperModule);
