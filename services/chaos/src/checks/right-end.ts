import type { RecordedEvent } from '@lockstep/kernel';
import { callOffIn } from '../programs/call-off.js';
import { type End, endCalledOff, endOf } from '../programs/oracle.js';
import type { Program } from '../programs/program.js';

/** The right end of a program; its log tells whether somebody called it off in time. */
export function rightEnd(program: Program, events: readonly RecordedEvent[]): End {
  const callOff = callOffIn(events);
  return callOff ? endCalledOff(program, callOff) : endOf(program);
}
