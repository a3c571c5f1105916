import { describe, expect, it } from '@jest/globals';
import type { ClaimId, TaskId, WorkflowId } from '@lockstep/kernel';
import {
  checkAppend,
  checkId,
  checkPayload,
  checkTenant,
  MAX_APPEND_BYTES,
  MAX_DELIVERIES,
  MAX_EVENT_BYTES,
  MAX_EVENTS,
} from './limits.js';
import type { Append, AppendItem } from './append.js';

const task = 'r' as TaskId;

function appendOf(items: readonly AppendItem[]): Append {
  const wf = 'wf' as WorkflowId;
  return { wf, task, claim: 'c' as ClaimId, number: 1, readUpTo: 0, items };
}

const step = (data: string): AppendItem => ({
  event: { type: 'StepCompleted', task, op: 1, meta: { name: 'a', attempt: 1 }, data },
});

const delivery: AppendItem = { ...step(''), deliver: { inbox: 'orders@1', returnTo: null } };

describe('the limits', () => {
  it('let a payload pass up to its last byte, and name what is larger and what to do', () => {
    checkPayload('a request', 'x'.repeat(MAX_EVENT_BYTES));
    expect(() => {
      checkPayload('a request', 'x'.repeat(MAX_EVENT_BYTES + 1));
    }).toThrow('a request has 262145 bytes, and at most 262144 fit: keep large things elsewhere');
  });

  it('count bytes, not characters', () => {
    expect(() => {
      checkPayload('a request', '€'.repeat(MAX_EVENT_BYTES / 2));
    }).toThrow(expect.objectContaining({ code: 'PayloadTooLarge' }));
  });

  it('hold for each event of an append, and for all of them together', () => {
    const large = step('x'.repeat(MAX_EVENT_BYTES));
    checkAppend(appendOf(Array.from({ length: MAX_APPEND_BYTES / MAX_EVENT_BYTES }, () => large)));
    expect(() => {
      checkAppend(appendOf([step('x'.repeat(MAX_EVENT_BYTES + 1))]));
    }).toThrow('a StepCompleted of task r has 262145 bytes');
    expect(() => {
      checkAppend(appendOf([large, large, large, large, step('1')]));
    }).toThrow('one append has 1048577 bytes');
  });

  it('bound the events and the deliveries of an append', () => {
    const many = (item: AppendItem, length: number) => appendOf(Array.from({ length }, () => item));
    checkAppend(many(step(''), MAX_EVENTS));
    checkAppend(many(delivery, MAX_DELIVERIES));
    expect(() => {
      checkAppend(many(step(''), MAX_EVENTS + 1));
    }).toThrow(expect.objectContaining({ code: 'TooManyEvents' }));
    expect(() => {
      checkAppend(many(delivery, MAX_DELIVERIES + 1));
    }).toThrow(expect.objectContaining({ code: 'TooManyDeliveries' }));
  });

  it('G7: keep a tenant from being part of another key', () => {
    for (const name of ['', 'a:b', 'a/b', 'a b', '}', 'x'.repeat(64)]) {
      expect(() => {
        checkTenant(name);
      }).toThrow(expect.objectContaining({ code: 'InvalidName' }));
    }
    checkTenant('acme-2_x');
  });

  it('bound the ids that callers choose', () => {
    checkId('a signal', 'x'.repeat(256));
    for (const id of ['', 'x'.repeat(257)]) {
      expect(() => {
        checkId('a signal', id);
      }).toThrow(expect.objectContaining({ code: 'InvalidName' }));
    }
  });
});
