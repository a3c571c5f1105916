// What in a file is task code, and what of it may do anything.

import { AST_NODE_TYPES, ASTUtils, type TSESLint, type TSESTree } from '@typescript-eslint/utils';

export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

export const isFunction = (node: TSESTree.Node): node is FunctionNode =>
  node.type === AST_NODE_TYPES.FunctionDeclaration ||
  node.type === AST_NODE_TYPES.FunctionExpression ||
  node.type === AST_NODE_TYPES.ArrowFunctionExpression;

/** The innermost function around a node that is a handler, or that a handler gives its context to. */
export function taskCodeAround(node: TSESTree.Node): FunctionNode | undefined {
  for (let at = node.parent; at; at = at.parent) {
    if (isFunction(at) && contextsOf(at).length > 0) return at;
    if (isFunction(at) && isHandler(at)) return at;
  }
  return undefined;
}

/** The context parameters that a node can see, from the inside out. */
export function contextsAround(
  node: TSESTree.Node,
  code: Readonly<TSESLint.SourceCode>,
): Set<TSESLint.Scope.Variable> {
  const found = new Set<TSESLint.Scope.Variable>();
  for (let at = node.parent; at; at = at.parent) {
    if (!isFunction(at)) continue;
    for (const parameter of contextsOf(at)) {
      for (const variable of code.scopeManager?.getDeclaredVariables(at) ?? []) {
        if (variable.identifiers.some((name) => isWithin(name, parameter))) found.add(variable);
      }
    }
  }
  return found;
}

/** Whether a function around the node is given to `step` or describes an effect: its result is recorded. */
export function isRecorded(node: TSESTree.Node): boolean {
  for (let at: TSESTree.Node = node; at.parent; at = at.parent) {
    if (isFunction(at) && isGivenTo(at, at.parent, ['step', 'effect'])) return true;
  }
  return false;
}

/** As an argument, or as a property of one as in `effect('refund', { perform: … })`. */
function isGivenTo(given: FunctionNode, parent: TSESTree.Node, names: readonly string[]): boolean {
  const call = parent.type === AST_NODE_TYPES.Property ? parent.parent.parent : parent;
  if (call.type !== AST_NODE_TYPES.CallExpression || call.callee === given) return false;
  return names.includes(calledName(call) ?? '');
}

/** `step` of `task.step(…)`, `effect` of `effect(…)`. */
export function calledName({ callee }: TSESTree.CallExpression): string | null {
  if (callee.type === AST_NODE_TYPES.Identifier) return callee.name;
  if (callee.type === AST_NODE_TYPES.MemberExpression) return ASTUtils.getPropertyName(callee);
  return null;
}

/** A method with @Task. */
export function isHandler({ parent }: FunctionNode): boolean {
  return (
    parent.type === AST_NODE_TYPES.MethodDefinition &&
    parent.decorators.some(
      ({ expression }) =>
        expression.type === AST_NODE_TYPES.CallExpression && calledName(expression) === 'Task',
    )
  );
}

/** The second parameter of a handler, and any that is declared as a TaskContext. */
function contextsOf(node: FunctionNode): TSESTree.Parameter[] {
  const handed = isHandler(node) ? node.params.slice(1, 2) : [];
  return [...new Set([...handed, ...node.params.filter(isTaskContext)])];
}

function isTaskContext(parameter: TSESTree.Parameter): boolean {
  const annotation = 'typeAnnotation' in parameter ? parameter.typeAnnotation : undefined;
  const type = annotation?.typeAnnotation;
  return (
    type?.type === AST_NODE_TYPES.TSTypeReference &&
    type.typeName.type === AST_NODE_TYPES.Identifier &&
    type.typeName.name === 'TaskContext'
  );
}

const isWithin = (inner: TSESTree.Node, outer: TSESTree.Node): boolean =>
  inner.range[0] >= outer.range[0] && inner.range[1] <= outer.range[1];
