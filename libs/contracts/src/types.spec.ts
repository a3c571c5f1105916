import { describe, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';

import {
  type AnyRole,
  type AnyTask,
  type AnyWorkflow,
  Append,
  encodeRequest,
  encodeResult,
  encodeSignal,
  encodeStateChange,
  type NoState,
  type RequestOf,
  type ResultOf,
  role,
  type SignalContract,
  type SignalPayloadOf,
  type StateOf,
  Sum,
  task,
  type TaskContract,
  Union,
  workflow,
} from './index.js';
import {
  type Approval,
  type JobState,
  Mail,
  notifier,
  payments,
  type RefundReceipt,
  refundJob,
  type RefundRequest,
  refundRequest,
} from '../test/sample.js';

/** Compiled, never run: what must not compile would throw. */
const compiled = (_code: () => unknown): void => undefined;

describe('the types of a contract', () => {
  it('carry request and result from the classes to the task', () => {
    expectTypeOf(payments.refund).toEqualTypeOf<TaskContract<RefundRequest, RefundReceipt>>();
    expectTypeOf<RequestOf<typeof payments.refund>>().toEqualTypeOf<RefundRequest>();
    expectTypeOf<ResultOf<typeof payments.refund>>().toEqualTypeOf<RefundReceipt>();
    expectTypeOf<ResultOf<typeof notifier.send>>().toBeVoid();
  });

  it('carry state and signals to the workflow', () => {
    expectTypeOf<StateOf<typeof refundJob>>().toEqualTypeOf<JobState>();
    expectTypeOf(refundJob.signals.approve).toEqualTypeOf<SignalContract<Approval>>();
    expectTypeOf<SignalPayloadOf<typeof refundJob.signals.approve>>().toEqualTypeOf<Approval>();
    expectTypeOf<SignalPayloadOf<typeof refundJob.signals.nudge>>().toBeVoid();
  });

  it('fit into lists of any roles and workflows', () => {
    expectTypeOf(payments).toExtend<AnyRole>();
    expectTypeOf(payments.refund).toExtend<AnyTask>();
    expectTypeOf(refundJob).toExtend<AnyWorkflow>();
    const plain = workflow('job', { root: payments.refund });
    expectTypeOf(plain).toExtend<AnyWorkflow>();
    expectTypeOf<StateOf<typeof plain>>().toEqualTypeOf<NoState>();
  });

  it('refuse a wrong payload', () => {
    compiled(() => [
      // @ts-expect-error a field is missing
      encodeRequest(payments.refund, { orderId: '#W1' }),
      // @ts-expect-error a field is unknown
      encodeRequest(payments.refund, { ...refundRequest, extra: 1 }),
      // @ts-expect-error a field has another type
      encodeResult(payments.refund, { entryId: 1, currency: 'EUR' }),
      // @ts-expect-error nothing is something else
      encodeResult(notifier.send, { text: 'hi' }),
      // @ts-expect-error the payload of another signal
      encodeSignal(refundJob.signals.approve, { text: 'hi' }),
      // @ts-expect-error a sum takes numbers
      encodeStateChange(refundJob, { refunds: '2' }),
      // @ts-expect-error no such field
      encodeStateChange(refundJob, { other: 1 }),
    ]);
  });

  it('know only what was declared', () => {
    expectTypeOf(payments).not.toHaveProperty('charge');
    expectTypeOf(refundJob.signals).not.toHaveProperty('reject');
    expectTypeOf(workflow('job', { root: payments.refund }).signals).not.toHaveProperty('approve');
    // @ts-expect-error a role has a name itself
    compiled(() => role('payments', { name: task(Mail, Mail) }));
  });

  it('refuse a merge that does not fit its field', () => {
    compiled(() => {
      class Wrong {
        // @ts-expect-error a sum is a number
        @Sum()
        text!: string;

        // @ts-expect-error only arrays grow
        @Append()
        count!: number;

        // @ts-expect-error objects are never equal
        @Union()
        notes!: { text: string }[];
      }
      return Wrong;
    });
  });
});
