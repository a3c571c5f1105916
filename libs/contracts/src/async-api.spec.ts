import { describe, expect, it } from '@jest/globals';
import { Parser } from '@asyncapi/parser';

import { asyncApi, type PayloadClass, role, task } from './index.js';
import { Line, notifier, payments, refundJob, RefundReceipt } from '../test/sample.js';

/** The parser's severity of what makes a document invalid. */
const ERROR = 0;

const document = asyncApi({
  title: 'Refunds',
  version: '1.2.3',
  roles: [payments, notifier],
  workflows: [refundJob],
});

describe('the AsyncAPI document of all roles', () => {
  it('is accepted by the official parser without an error', async () => {
    const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(document));
    expect(diagnostics).not.toContainEqual(expect.objectContaining({ severity: ERROR }));
    expect(parsed?.operations().all()).toHaveLength(5);
  });

  it('has a channel for each inbox, with the requests of its tasks', () => {
    expect(document.channels['payments@1']).toMatchObject({
      address: 'payments@1',
      messages: { 'refund.request': { $ref: '#/components/messages/payments-v1.refund.request' } },
    });
    expect(document.channels).toHaveProperty(['notifier@2']);
  });

  it('describes the result of a task as the reply to its request', () => {
    expect(document.operations['payments@1.refund']).toMatchObject({
      action: 'receive',
      reply: {
        messages: [{ $ref: '#/channels/payments@1.results/messages/refund.result' }],
      },
    });
  });

  it('describes the start and each signal of a workflow', () => {
    expect(Object.keys(document.operations)).toEqual(
      expect.arrayContaining(['refund-job.start', 'refund-job.approve', 'refund-job.nudge']),
    );
  });

  it('states the version of each schema', () => {
    expect(document.components.messages['payments-v1.refund.request']).toMatchObject({
      headers: { properties: { version: { const: 1 } } },
    });
  });

  it('lets two roles use one class name for two classes', () => {
    const other = role('other', { count: task(anotherLine(), RefundReceipt) });
    const { components } = asyncApi({ title: 't', version: '1', roles: [payments, other] });
    expect(components.schemas['payments-v1.Line']).not.toEqual(components.schemas['other-v1.Line']);
  });

  it('refuses two classes of one name within a role', () => {
    const twins = role('twins', { count: task(Line, anotherLine()) });
    expect(() => asyncApi({ title: 't', version: '1', roles: [twins] })).toThrow(
      'two payload classes are named Line',
    );
  });

  it('refuses a role that is listed twice', () => {
    expect(() => asyncApi({ title: 't', version: '1', roles: [payments, payments] })).toThrow(
      'payments@1 is described twice',
    );
  });
});

function anotherLine(): PayloadClass<RefundReceipt> {
  return { Line: class extends RefundReceipt {} }.Line;
}
