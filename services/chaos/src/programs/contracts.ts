// What the agents of the programs hand each other.

import {
  LastWrite,
  Nothing,
  role,
  RolledBack,
  signal,
  Sum,
  task,
  workflow,
} from '@lockstep/contracts';
import { IsInt, IsObject, IsString } from 'class-validator';
import { type Policy, type RoleName, ROLES, type Task } from './program.js';

/** A task of a program. */
export class Assignment {
  /** Of the program: what it does outside is known by it. */
  @IsString() name!: string;
  @IsObject() task!: Task;
}

export class Answer {
  /** A `Value`, as JSON. */
  @IsString() value!: string;
}

/** What was done outside. */
export class Receipt {
  @IsString() name!: string;
  @IsString() key!: string;
}

/** Both fields add up the same counts, in two ways. */
export class Tally {
  @Sum() merged?: number;

  @LastWrite()
  @IsInt()
  updated?: number;
}

const contractOf = (name: RoleName) =>
  role(name, {
    run: task(Assignment, Answer),
    undo: task(Receipt, Nothing),
    tell: task(RolledBack, Nothing),
  });

export const roles = {
  north: contractOf('north'),
  east: contractOf('east'),
  south: contractOf('south'),
} as const satisfies Record<RoleName, unknown>;

const workflowOf = (onFailure: Policy) =>
  workflow(`${onFailure}-program`, {
    root: roles[ROLES[0]].run,
    onFailure,
    ...(onFailure === 'compensate' && { afterRollback: roles.south.tell }),
    state: Tally,
    signals: { red: signal(Nothing), green: signal(Nothing), blue: signal(Nothing) },
  });

export const compensating = workflowOf('compensate');
export const continuing = workflowOf('continue');

/** A type of workflow for each policy. */
export const workflows = {
  compensate: compensating,
  continue: continuing,
} as const satisfies Record<Policy, unknown>;

/** The type of the workflow that a task belongs to. */
export function workflowNamed(type: string) {
  return type === compensating.type ? compensating : continuing;
}
