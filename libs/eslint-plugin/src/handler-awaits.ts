import { ESLintUtils, type TSESTree } from '@typescript-eslint/utils';
import { Derivation, returnedBy } from './derivation.js';
import { chanceOf } from './sources-of-chance.js';
import { contextsAround, isFunction, isHandler, isRecorded, taskCodeAround } from './task-code.js';

const rule = ESLintUtils.RuleCreator(() => 'docs/guides/write-an-agent.md');

/**
 * Warns of what a replay of a task could not do again: a handler that waits for something which its context did
 * not make, or that asks a clock, chance, a timer or the environment. What runs inside `task.step` may do
 * anything, since its result is recorded.
 */
export const handlerAwaits = rule({
  name: 'handler-awaits',
  meta: {
    type: 'problem',
    docs: { description: 'Task handlers wait only for what comes from their context' },
    messages: {
      foreign:
        'A handler awaits only what comes from its context: on replay this settles at another moment. Do it in task.step().',
      clock: 'On replay the clock answers differently: ask it in task.step().',
      randomness: 'On replay chance answers differently: ask it in task.step().',
      timer: 'A timer does not survive its process: use task.sleep().',
      environment:
        'The environment may differ where the task is replayed: inject settings, or read them in task.step().',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context) {
    const { sourceCode } = context;
    const isFree = (node: TSESTree.Node): boolean => !taskCodeAround(node) || isRecorded(node);

    function checkDerived(node: TSESTree.Node, value: TSESTree.Node): void {
      if (isFree(node)) return;
      const derivation = new Derivation(sourceCode, contextsAround(node, sourceCode));
      if (!derivation.isDerived(value)) context.report({ node, messageId: 'foreign' });
    }

    function checkChance(node: TSESTree.Node): void {
      const chance = chanceOf(node);
      if (chance && !isFree(node)) context.report({ node, messageId: chance });
    }

    /** A handler that is not async hands on the promise that it returns. */
    function checkReturned(node: TSESTree.FunctionExpression): void {
      if (node.async || !isFunction(node) || !isHandler(node)) return;
      for (const value of returnedBy(node)) checkDerived(value, value);
    }

    return {
      AwaitExpression(node) {
        checkDerived(node, node.argument);
      },
      'ForOfStatement[await=true]'(node: TSESTree.ForOfStatement) {
        checkDerived(node, node.right);
      },
      FunctionExpression: checkReturned,
      MemberExpression: checkChance,
      CallExpression: checkChance,
      NewExpression: checkChance,
    };
  },
});
