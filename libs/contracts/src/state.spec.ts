import { describe, expect, it } from '@jest/globals';
import { IsString } from 'class-validator';

import {
  Append,
  initialValue,
  LastWrite,
  mergesOf,
  NoState,
  stateFields,
  Sum,
  Union,
  workflow,
} from './index.js';
import { JobState, payments } from '../test/sample.js';

class Forgetful {
  @Sum()
  refunds!: number;

  @IsString()
  phase!: string;
}

class Preset {
  @LastWrite()
  phase = 'new';
}

class BadlyNamed {
  @LastWrite()
  Phase?: string;
}

class Extended extends JobState {
  @Union()
  orders!: string[];
}

describe('the merges of a state class', () => {
  it('are declared field by field', () => {
    expect(Object.fromEntries(mergesOf(JobState))).toEqual({
      phase: 'last',
      notes: 'append',
      tags: 'union',
      refunds: 'sum',
      version: 'max',
    });
  });

  it('are listed by field name', () => {
    expect(stateFields(JobState).map(({ field }) => field)).toEqual([
      'notes',
      'phase',
      'refunds',
      'tags',
      'version',
    ]);
  });

  it('are inherited, and leave the parent as it is', () => {
    expect(mergesOf(Extended).get('refunds')).toBe('sum');
    expect(mergesOf(Extended).get('orders')).toBe('union');
    expect(mergesOf(JobState).has('orders')).toBe(false);
  });

  it('are none without a state', () => {
    expect(mergesOf(NoState).size).toBe(0);
  });

  it('start from what leaves the first write as it is', () => {
    const merges = ['last', 'append', 'union', 'sum', 'max'] as const;
    expect(merges.map(initialValue)).toEqual([undefined, [], [], 0, undefined]);
  });
});

describe('a state class is refused where it is declared', () => {
  it('when a field does not say how it merges', () => {
    expect(() => workflow('job', { root: payments.refund, state: Forgetful })).toThrow(
      'Forgetful.phase does not say how it merges',
    );
  });

  it('when a field has a name that breaks the rule', () => {
    expect(() => workflow('job', { root: payments.refund, state: BadlyNamed })).toThrow(
      '"Phase" cannot name a state field',
    );
  });

  it('when a field starts from a value of its own', () => {
    expect(() => workflow('job', { root: payments.refund, state: Preset })).toThrow(
      'Preset.phase starts from a value of its own',
    );
  });

  it('when a field declares two merges', () => {
    const field = (): void => {
      class Torn {
        @Append()
        @Union()
        tags!: string[];
      }
      mergesOf(Torn);
    };
    expect(field).toThrow('Torn.tags declares two merges');
  });
});
