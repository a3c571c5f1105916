// A workflow's view as a person reads it.

import type {
  EffectView,
  ParkedView,
  RollbackView,
  TaskView,
  WorkflowView,
} from '@lockstep/kernel';
import { counted } from '../../output/counted.js';
import { errorText } from '../../output/error-text.js';
import type { Output } from '../../output/output.js';
import { effectColour, statusColour } from '../../output/status.js';
import type { Column } from '../../output/table.js';
import { timeText } from '../../output/times.js';
import { optionsText } from './persons-options.js';

export function viewText(view: WorkflowView, out: Output): void {
  const { id, type, status, version, startedAtMs, endedAtMs, result, defect } = view;
  const { cancel, rollback, held } = view;
  out.facts([
    ['workflow', id],
    ['type', type],
    ['status', status, statusColour(status)],
    ['version', String(version)],
    ['started', timeText(startedAtMs, out)],
    ['ended', endedAtMs === null ? null : timeText(endedAtMs, out)],
    ['held', held && `${held.reason}, by ${held.by}`],
    ['cancelled', cancel && `${cancel.reason}, by ${cancel.by}`],
    ['rolled back', rollback && rollbackText(rollback)],
    ['state', JSON.stringify(view.state)],
    ['result', result && JSON.stringify(result.data)],
    ['defect', defect && `at version ${defect.version}: ${defect.message}`],
  ]);
  section('Waits for you', view.parked, parkedColumns(view, out), out);
  section('Tasks', view.tasks, TASKS, out);
  section('Effects', view.effects, EFFECTS, out);
}

const rollbackText = ({ reason, by, undone, left }: RollbackView): string =>
  `${reason}, by ${by}: ${counted(undone, 'effect')} undone, ${left} left`;

function section<Row>(
  heading: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  out: Output,
): void {
  if (rows.length === 0) return;
  out.heading(heading);
  out.table(rows, columns, '');
}

const parkedColumns = ({ id }: WorkflowView, out: Output): Column<ParkedView>[] => [
  { name: 'TASK', text: ({ task }) => task ?? '' },
  { name: 'REASON', text: ({ reason }) => reason, colour: () => 'yellow' },
  { name: 'SINCE', text: ({ sinceMs }) => timeText(sinceMs, out) },
  { name: 'ERROR', text: ({ error }) => errorText(error) },
  { name: 'YOU CAN', text: ({ options }) => optionsText(id, options) },
];

const TASKS: readonly Column<TaskView>[] = [
  { name: 'TASK', text: ({ id }) => id },
  { name: 'ROLE', text: ({ role, major }) => `${role}@${major}` },
  { name: 'NAME', text: ({ name }) => name },
  { name: 'STATE', text: ({ state, outcome }) => outcome ?? state },
  { name: 'ATTEMPTS', text: ({ attempts }) => String(attempts) },
];

const EFFECTS: readonly Column<EffectView>[] = [
  { name: 'TASK', text: ({ task, op }) => `${task}#${op}` },
  { name: 'ACTION', text: ({ action }) => action },
  { name: 'KEY', text: ({ key }) => key },
  { name: 'STATUS', text: ({ status }) => status, colour: ({ status }) => effectColour(status) },
  { name: 'ATTEMPTS', text: ({ attempts }) => String(attempts) },
];
