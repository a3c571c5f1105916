import {
  asyncApi,
  ContractViolation,
  decodeRequest,
  decodeStart,
  encodeRequest,
  encodeResult,
  encodeStart,
} from '@lockstep/contracts';
import { describe, expect, it } from '@jest/globals';
import { TOOLS } from '../shop/tools.js';
import { orders } from './orders.js';
import { retailJob } from './retail-job.js';
import { TEAM, TEAM_WORKFLOWS, TOOL_TASKS } from './team.js';

const cancel = {
  database: 'run-1.train-000',
  job: 'train-000',
  index: 0,
  arguments: { order_id: '#W1', reason: 'no longer needed' },
};

describe('the contracts of the team', () => {
  it('give each tool to the role whose work it is', () => {
    const roles = Object.entries(TOOL_TASKS).map(([tool, contract]) => [tool, contract.role]);
    const expected = Object.entries(TOOLS).map(([tool, { role }]) => [tool, role]);
    expect(new Map(roles as [string, string][])).toEqual(
      new Map((expected as [string, string][]).filter(([, role]) => role !== 'concierge')),
    );
  });

  it('name each tool in its own request class', () => {
    expect(orders.cancelPendingOrder.request.name).toBe('CancelPendingOrderRequest');
  });

  it('bring a request to its role as it was sent', () => {
    const contract = orders.cancelPendingOrder;
    expect(decodeRequest(contract, encodeRequest(contract, cancel))).toEqual(cancel);
  });

  it("refuse arguments that are not the tool's", () => {
    const wrong = { ...cancel, arguments: { order_id: '#W1' } };
    expect(() => encodeRequest(TOOL_TASKS.cancel_pending_order, wrong)).toThrow(ContractViolation);
  });

  it('take any arguments into a plan but no unknown tool', () => {
    const job = { job: 'train-000', database: 'run-1.train-000', userId: 'u', actions: [] };
    const planned = { name: 'cancel_pending_order' as const, arguments: { order_id: '#W1' } };
    const start = { ...job, actions: [planned] };
    expect(decodeStart(retailJob, encodeStart(retailJob, start))).toEqual(start);
    const unknown = { ...start, actions: [{ ...planned, name: 'shut_down' as 'think' }] };
    expect(() => encodeStart(retailJob, unknown)).toThrow(ContractViolation);
  });

  it('carry what a tool returned, records and texts alike', () => {
    const contract = orders.getOrderDetails;
    for (const value of ['text', '', { payment_history: [{ amount: 14.739999999999952 }] }]) {
      expect(JSON.parse(encodeResult(contract, { ok: true, value }).body)).toEqual({
        ok: true,
        value,
      });
    }
  });

  it('describe every role in one document', () => {
    const { operations } = asyncApi({
      title: 'team',
      version: '1',
      roles: TEAM,
      workflows: TEAM_WORKFLOWS,
    });
    expect(Object.keys(operations)).toEqual(
      expect.arrayContaining(['concierge@1.job', 'payments@1.book', 'retail-job.start']),
    );
  });
});
