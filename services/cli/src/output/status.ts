import type { EffectStatus, WorkflowStatus } from '@lockstep/kernel';
import type { Colour } from './colour.js';

const COLOURS: Readonly<Record<WorkflowStatus, Colour | undefined>> = {
  running: undefined,
  parked: 'yellow',
  cancelling: 'magenta',
  'rolling-back': 'magenta',
  cancelled: 'magenta',
  failed: 'red',
  completed: 'green',
};

/** Yellow waits for a person. */
export const statusColour = (status: WorkflowStatus): Colour | undefined => COLOURS[status];

export const effectColour = (status: EffectStatus): Colour | undefined =>
  status === 'in-doubt' ? 'yellow' : undefined;
