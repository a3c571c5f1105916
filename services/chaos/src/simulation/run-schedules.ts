import type { Outcome } from './run.js';
import { simulate } from './simulate.js';

export interface ScheduleOptions {
  readonly seed: number;
  readonly schedules: number;
}

/** Runs schedules and tells what was wrong. @returns the exit status: 0 when all is right */
export async function runSchedules(
  { seed, schedules }: ScheduleOptions,
  signal: AbortSignal,
): Promise<number> {
  const sum = {
    schedules: 0,
    wrong: 0,
    programs: 0,
    calledOff: 0,
    faults: 0,
    messages: 0,
    virtualMs: 0,
  };
  const startedMs = performance.now();
  const ended = (outcome: Outcome): void => {
    add(sum, outcome);
    if (outcome.wrongs.length > 0) console.log(wrongText(outcome));
  };
  await simulate({ seed, schedules, signal, ended });
  console.log(sumText(sum, performance.now() - startedMs));
  return sum.wrong > 0 || sum.schedules < schedules ? 1 : 0;
}

interface Sum {
  schedules: number;
  wrong: number;
  programs: number;
  calledOff: number;
  faults: number;
  messages: number;
  virtualMs: number;
}

function add(
  sum: Sum,
  { wrongs, programs, calledOff, faults, messages, virtualMs }: Outcome,
): void {
  sum.schedules += 1;
  sum.wrong += wrongs.length > 0 ? 1 : 0;
  sum.programs += programs;
  sum.calledOff += calledOff;
  sum.faults += faults.length;
  sum.messages += messages;
  sum.virtualMs += virtualMs;
}

/** What was wrong, what had happened, and how to have it again. */
const wrongText = ({ seed, wrongs, trace }: Outcome): string =>
  [
    ...trace,
    `schedule ${seed}:`,
    ...wrongs.map((wrong) => `  ${wrong}`),
    `  again: npm run chaos -- --simulate --seed ${seed} --schedules 1`,
  ].join('\n');

function sumText(
  { schedules, wrong, programs, calledOff, faults, messages, virtualMs }: Sum,
  ms: number,
) {
  const aMinute = Math.round((schedules / ms) * 60_000);
  return [
    `${schedules} schedules, ${wrong} wrong: ${aMinute} a minute`,
    `${programs} programs, ${calledOff} called off, ${faults} faults, ${messages} messages, ${Math.round(virtualMs / 60_000)} minutes of virtual time`,
  ].join('\n');
}
