import { Allow, IsArray, IsNumber, ValidateBy } from 'class-validator';

import { checkName } from './names.js';
import type { PayloadClass } from './payload.js';
import { checkPayloadClass, fieldsOf } from './payload-class.js';
import { InvalidContract } from './violations.js';

/**
 * How concurrent writes to a field of the shared state merge. Only these fold, so that a later
 * release cannot change an old state.
 */
export type Merge = 'last' | 'append' | 'union' | 'sum' | 'max';

export interface StateField {
  readonly field: string;
  readonly merge: Merge;
}

type Scalar = string | number | boolean;
type FieldDecorator<Value> = <Field extends string>(
  state: { readonly [Name in Field]?: Value },
  field: Field,
) => void;

const declared = new WeakMap<object, Map<string, Merge>>();

/** The last write in the order of the log wins; before the first one the field is absent. */
export const LastWrite = (): FieldDecorator<unknown> => merging('last', Allow());

/** Each write adds its items at the end, doubles kept; starts as `[]`. */
export const Append = (): FieldDecorator<readonly unknown[]> => merging('append', IsArray());

/** Each write adds the items that are not yet there; starts as `[]`. */
export const Union = (): FieldDecorator<readonly Scalar[]> => merging('union', IsScalars());

/** Each write adds its number; starts as 0. */
export const Sum = (): FieldDecorator<number> => merging('sum', IsNumber());

/** The greatest number written; before the first one the field is absent. */
export const Max = (): FieldDecorator<number> => merging('max', IsNumber());

/** The state of a workflow that declares none. */
export class NoState {
  readonly [field: string]: never;
}

/** What a field of the state is before the first write. */
export function initialValue(merge: Merge): [] | 0 | undefined {
  switch (merge) {
    case 'append':
    case 'union':
      return [];
    case 'sum':
      return 0;
    case 'last':
    case 'max':
      return undefined;
  }
}

/** How each field of a state class merges, inherited fields included. */
export function mergesOf(state: PayloadClass<unknown>): ReadonlyMap<string, Merge> {
  const merges = new Map<string, Merge>();
  for (
    let at = state.prototype as object | null;
    at;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    for (const [field, merge] of declared.get(at) ?? []) {
      if (!merges.has(field)) merges.set(field, merge);
    }
  }
  return merges;
}

/** The fields of a state class by name, in alphabetical order. */
export function stateFields(state: PayloadClass<unknown>): StateField[] {
  return [...mergesOf(state)]
    .map(([field, merge]) => ({ field, merge }))
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}

/**
 * @throws InvalidContract when a field has no merge, a name that breaks the rule or a value of its
 *   own to start from: each change would write that again
 */
export function checkStateClass(state: PayloadClass<unknown>): void {
  const merges = mergesOf(state);
  for (const field of merges.keys()) checkName('state field', field);
  if (merges.size > 0) checkPayloadClass(state);
  const preset = Object.entries(new state() as object).find(([, value]) => value !== undefined);
  if (preset) {
    throw new InvalidContract(
      `${state.name}.${preset[0]} starts from a value of its own, but its merge says where it starts`,
      { state: state.name, field: preset[0] },
    );
  }
  const unmerged = fieldsOf(state).find((field) => !merges.has(field));
  if (unmerged === undefined) return;
  throw new InvalidContract(
    `${state.name}.${unmerged} does not say how it merges: ` +
      'give it @LastWrite(), @Append(), @Union(), @Sum() or @Max()',
    { state: state.name, field: unmerged },
  );
}

function merging(merge: Merge, rule: PropertyDecorator): FieldDecorator<unknown> {
  return (state, field) => {
    const merges = declared.get(state) ?? new Map<string, Merge>();
    if (merges.has(field)) {
      throw new InvalidContract(`${state.constructor.name}.${field} declares two merges`, {
        field,
      });
    }
    declared.set(state, merges.set(field, merge));
    rule(state, field);
  };
}

function IsScalars(): PropertyDecorator {
  return ValidateBy({
    name: 'isScalars',
    validator: {
      validate: (value: unknown) => Array.isArray(value) && value.every(isScalar),
      defaultMessage: () => '$property must be an array of strings, numbers or booleans',
    },
  });
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
