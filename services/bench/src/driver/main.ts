// A process that drives one system with jobs of one kind; the systems' own work is done elsewhere.

import 'reflect-metadata';
import { BullmqClient } from '../bullmq/client.js';
import { LockstepClient } from '../lockstep/client.js';
import { answer, cpuSeconds } from '../processes/channel.js';
import type { Drive } from './drive.js';
import { Driver } from './driver.js';
import type { JobClient } from './job-client.js';

const clients = { lockstep: LockstepClient, bullmq: BullmqClient };

let client: JobClient | undefined;
let driver: Driver | undefined;

function opened(): Driver {
  if (!driver) throw new Error('the driver was not told what to drive');
  return driver;
}

const functions = {
  async open(drive: Drive): Promise<void> {
    client = await clients[drive.system].open(drive);
    driver = new Driver(client);
  },
  load: (inFlight: number, windowMs: number) => opened().load(inFlight, windowMs),
  oneAtATime: (forMs: number) => opened().oneAtATime(forMs),
  all: (count: number) => opened().all(count),
  /** A job that has ended; undefined while none has. */
  lastEnded: () => client?.lastEnded,
  cpuSeconds,
};

export type DriverFunctions = typeof functions;

answer(functions);
