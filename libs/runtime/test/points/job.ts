import type { AnyWorkflow } from '@lockstep/contracts';
import type { WorkflowId } from '@lockstep/kernel';
import type { WorkflowStatus } from '@lockstep/store';
import type { Stage } from '../processes/stage.js';
import type { Outside } from './outside.js';
import { teamOf, type Wish } from './team/contracts.js';

/** The processes of a team: role and module of each. */
export type Cast = readonly { readonly role: string; readonly module: string }[];

/** One run of a job. */
export interface Underway {
  readonly stage: Stage;
  readonly outside: Outside;
  readonly wf: WorkflowId;
  readonly database: string;
}

/** What a team does again and again. */
export interface Job {
  workflow(lane: string): AnyWorkflow;
  request(database: string): object;
  /** How it ends. */
  readonly status: WorkflowStatus;
  /** Goes along with it to where calls begin to count; default: they count from its beginning. */
  before?(run: Underway): Promise<void>;
  /** Sends it on from there. */
  sendOn?(run: Underway): Promise<void>;
}

/** One process of each role, which keep the rules. */
export const CAST: Cast = [
  { role: 'desk', module: 'desk' },
  { role: 'clerk', module: 'clerk' },
];

/** The job whose order is cancelled. */
export const CANCELLING: Job = {
  status: 'completed',
  workflow: (lane) => teamOf(lane).cancelling,
  request: (database): Wish => ({ database, userId: 'mei_tanaka_1054', orderId: '#W9573595' }),
};
