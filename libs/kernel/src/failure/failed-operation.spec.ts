import { describe, expect, it } from '@jest/globals';
import { failedOperation } from './failed-operation.js';
import { EffectExhausted, EffectRejected, StepFailedForGood } from './failures.js';

describe('the operation whose failure an error tells of', () => {
  it.each([
    ['a step', new StepFailedForGood('classify', 4, []), 'step classify'],
    ['an effect that was rejected', new EffectRejected('refund', 'W1', []), 'effect refund'],
    ['one without attempts left', new EffectExhausted('refund', 'W1', 4, []), 'effect refund'],
    [
      'a cause of it',
      new Error('no', { cause: new StepFailedForGood('classify', 4, []) }),
      'step classify',
    ],
    ['no operation at all', new Error('no'), null],
    ['what is no error', 'no', null],
  ])('is found of %s', (_, error, operation) => {
    expect(failedOperation(error)).toBe(operation);
  });

  it('is looked for once, also when causes go round', () => {
    const round = new Error('round');
    round.cause = round;
    expect(failedOperation(round)).toBeNull();
  });
});
