import { describe, expect, it } from '@jest/globals';
import type { PlannedAction } from '@lockstep/retail/contracts';
import { phasesOf } from './plan.js';

const read = { name: 'get_order_details', arguments: { order_id: '#W1' } } as const;
const write = { name: 'cancel_pending_order', arguments: { order_id: '#W1' } } as const;
const sum = { name: 'calculate', arguments: { expression: '1 + 1' } } as const;
const transfer = { name: 'transfer_to_human_agents', arguments: { summary: 'lost' } } as const;

const positions = (plan: PlannedAction[]) =>
  phasesOf(plan).map((phase) => phase.map(({ index }) => index));

describe('a plan', () => {
  it('has no phases when it is empty', () => {
    expect(positions([])).toEqual([]);
  });

  it('runs neighbouring reads together, whoever does them', () => {
    expect(positions([read, sum, read])).toEqual([[0, 1, 2]]);
  });

  it('lets nothing pass a write', () => {
    expect(positions([read, read, write, read, read])).toEqual([[0, 1], [2], [3, 4]]);
  });

  it('runs neighbouring writes one after the other', () => {
    expect(positions([write, write])).toEqual([[0], [1]]);
  });

  it('hands over to a person only after everything else', () => {
    expect(positions([read, transfer])).toEqual([[0], [1]]);
  });

  it('keeps each action as it was planned', () => {
    expect(phasesOf([read])).toEqual([[{ ...read, index: 0 }]]);
  });
});
