import type { Calculate } from '@lockstep/retail/shop';
import { round2 } from './money.js';
import { type Done, refuseUnless, type RetailView, unchanged } from './view.js';

type Operator = '+' | '-' | '*' | '/';

const OPERATIONS: Record<Operator, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** The value rounded to two places, as text with at least one decimal. */
export function calculate(_view: RetailView, { expression }: Calculate): Done<string> {
  refuseUnless(/^[0-9+\-*/(). ]*$/.test(expression), 'invalid characters in expression');
  const value = round2(valueOf(expression));
  refuseUnless(Number.isFinite(value), 'invalid expression');
  return unchanged(Number.isInteger(value) ? value.toFixed(1) : String(value));
}

/** Left to right, products before sums. @throws Refusal for what is no expression */
function valueOf(expression: string): number {
  const tokens = expression.match(/\d+\.?\d*|\.\d+|[^ ]/g) ?? [];
  const value = sum(tokens);
  refuseUnless(tokens.length === 0, 'invalid expression');
  return value;
}

function sum(tokens: string[]): number {
  return chain(tokens, product, ['+', '-']);
}

function product(tokens: string[]): number {
  return chain(tokens, factor, ['*', '/']);
}

function chain(tokens: string[], operand: (rest: string[]) => number, operators: Operator[]) {
  let value = operand(tokens);
  for (;;) {
    const operator = operators.find((candidate) => candidate === tokens[0]);
    if (!operator) return value;
    tokens.shift();
    value = OPERATIONS[operator](value, operand(tokens));
  }
}

function factor(tokens: string[]): number {
  const token = tokens.shift();
  if (token === '-') return -factor(tokens);
  if (token === '+') return factor(tokens);
  if (token === '(') return closed(tokens, sum(tokens));
  refuseUnless(token !== undefined && /\d/.test(token), 'invalid expression');
  return Number(token);
}

function closed(tokens: string[], value: number): number {
  refuseUnless(tokens.shift() === ')', 'invalid expression');
  return value;
}
