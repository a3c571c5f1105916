import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { InvalidContract, NAME_PATTERN, role, signal, task, workflow } from './index.js';
import {
  Approval,
  JobState,
  Mail,
  payments,
  RefundReceipt,
  RefundRequest,
} from '../test/sample.js';

const refund = task(RefundRequest, RefundReceipt);

describe('a role', () => {
  it('names its tasks and knows them by name', () => {
    expect(payments.refund).toMatchObject({
      role: 'payments',
      major: 1,
      inbox: 'payments@1',
      name: 'refund',
      version: 1,
      request: RefundRequest,
      result: RefundReceipt,
    });
    expect(payments.tasks.refund).toBe(payments.refund);
  });

  it('has an inbox of its own for each major version', () => {
    const next = role('payments', { refund }, { version: 2 });
    expect([payments.inbox, next.inbox, next.refund.inbox]).toEqual([
      'payments@1',
      'payments@2',
      'payments@2',
    ]);
  });

  it('cannot be changed once declared', () => {
    expect(() => Object.assign(payments, { major: 2 })).toThrow(TypeError);
    expect(() => Object.assign(payments.refund, { version: 2 })).toThrow(TypeError);
  });

  it.each(['name', 'major', 'inbox', 'tasks'])('has no task named %s', (name) => {
    expect(() => role('payments', { [name]: refund })).toThrow(
      `a task of payments cannot be named ${name}: a role has that itself`,
    );
  });
});

describe('a name', () => {
  it.each(['Payments', 'pay_ments', '1st', '', 'pay@1', 'a'.repeat(64), '__proto__'])(
    'is refused where it is declared: %p',
    (name) => {
      for (const declare of [
        () => role(name, { refund }),
        () => role('payments', Object.fromEntries([[name, refund]])),
        () => workflow(name, { root: payments.refund }),
        () =>
          workflow('job', {
            root: payments.refund,
            signals: Object.fromEntries([[name, signal(Approval)]]),
          }),
      ]) {
        expect(declare).toThrow(InvalidContract);
      }
    },
  );

  it('holds nothing that means something in a key, a path or a topic', () => {
    const meaningful = /[^a-zA-Z0-9-]/;
    fc.assert(
      fc.property(fc.stringMatching(NAME_PATTERN), (name) => {
        expect(name).not.toMatch(meaningful);
        expect(name.length).toBeLessThanOrEqual(63);
        expect(role(name, { refund }).inbox).toBe(`${name}@1`);
      }),
    );
  });
});

describe('a version', () => {
  it.each([0, -1, 1.5, NaN, Infinity])('is refused where it is declared: %p', (version) => {
    for (const declare of [
      () => role('payments', { refund }, { version }),
      () => task(RefundRequest, RefundReceipt, { version }),
      () => signal(Mail, { version }),
      () => workflow('job', { version, root: payments.refund }),
    ]) {
      expect(declare).toThrow(/must be a whole number from 1 on/);
    }
  });
});

describe('a workflow', () => {
  const job = workflow('job', {
    version: 3,
    root: payments.refund,
    state: JobState,
    signals: { approve: signal(Approval) },
  });

  it('knows its root, its state and its signals by name', () => {
    expect(job).toMatchObject({ type: 'job', version: 3, root: payments.refund, state: JobState });
    expect(job.signals.approve).toMatchObject({ workflow: 'job', name: 'approve', version: 1 });
  });

  it('needs neither state nor signals', () => {
    expect(workflow('job', { root: payments.refund }).signals).toEqual({});
  });
});
