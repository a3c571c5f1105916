// What answers differently each time: a clock, chance, a timer, the process's environment.

import { AST_NODE_TYPES, ASTUtils, type TSESTree } from '@typescript-eslint/utils';

export type Chance = 'clock' | 'randomness' | 'timer' | 'environment';

const MEMBERS: Readonly<Record<string, Chance>> = {
  'Date.now': 'clock',
  'performance.now': 'clock',
  'process.hrtime': 'clock',
  'Math.random': 'randomness',
  'crypto.randomUUID': 'randomness',
  'crypto.randomBytes': 'randomness',
  'crypto.randomInt': 'randomness',
  'crypto.getRandomValues': 'randomness',
  'process.env': 'environment',
};
const FUNCTIONS: Readonly<Record<string, Chance>> = {
  Date: 'clock',
  randomUUID: 'randomness',
  randomBytes: 'randomness',
  randomInt: 'randomness',
  setTimeout: 'timer',
  setInterval: 'timer',
  setImmediate: 'timer',
};

/** What a node asks that no replay could answer again; undefined when it asks nothing of the kind. */
export function chanceOf(node: TSESTree.Node): Chance | undefined {
  switch (node.type) {
    case AST_NODE_TYPES.MemberExpression:
      return MEMBERS[`${nameOf(node.object)}.${ASTUtils.getPropertyName(node) ?? ''}`];
    case AST_NODE_TYPES.CallExpression:
      return FUNCTIONS[nameOf(node.callee)];
    case AST_NODE_TYPES.NewExpression:
      return nameOf(node.callee) === 'Date' && node.arguments.length === 0 ? 'clock' : undefined;
    default:
      return undefined;
  }
}

const nameOf = (node: TSESTree.Node): string =>
  node.type === AST_NODE_TYPES.Identifier ? node.name : '';
