// Whether a promise comes from the task's context: then it is recorded, and settles in the order of the log.
//
// A promise comes from there when the context made it, when a function was given the context, or when it gathers
// only such promises. A value that is no promise may be awaited as well. What cannot be told counts as foreign.

import { AST_NODE_TYPES, ASTUtils, TSESLint, type TSESTree } from '@typescript-eslint/utils';
import { calledName, type FunctionNode, isFunction, taskCodeAround } from './task-code.js';

const GATHERS = ['all', 'allSettled', 'any', 'race'];
const SETTLED = ['resolve', 'reject'];
const MAPS = ['map', 'flatMap', 'from'];
const ADDS = ['push', 'unshift'];

type Variable = TSESLint.Scope.Variable;

export class Derivation {
  private readonly asked = new Set<TSESTree.Node>();

  constructor(
    private readonly code: Readonly<TSESLint.SourceCode>,
    private readonly contexts: ReadonlySet<Variable>,
  ) {}

  /** Whether a value, or each in an array, comes from the context or is no promise. */
  isDerived(node: TSESTree.Node): boolean {
    if (this.asked.has(node)) return true; // what is made from itself adds nothing
    this.asked.add(node);
    const derived = this.derives(node);
    this.asked.delete(node);
    return derived;
  }

  private derives(node: TSESTree.Node): boolean {
    switch (node.type) {
      case AST_NODE_TYPES.Literal:
      case AST_NODE_TYPES.TemplateLiteral:
      case AST_NODE_TYPES.ObjectExpression:
      case AST_NODE_TYPES.BinaryExpression:
      case AST_NODE_TYPES.UnaryExpression:
        return true;
      case AST_NODE_TYPES.Identifier:
        return node.name === 'undefined' || this.nameDerives(node);
      case AST_NODE_TYPES.MemberExpression:
        return this.isDerived(node.object);
      case AST_NODE_TYPES.CallExpression:
        return this.callDerives(node);
      case AST_NODE_TYPES.ArrayExpression:
        return node.elements.every((element) => element === null || this.isDerived(element));
      case AST_NODE_TYPES.ConditionalExpression:
        return this.isDerived(node.consequent) && this.isDerived(node.alternate);
      case AST_NODE_TYPES.LogicalExpression:
        return this.isDerived(node.left) && this.isDerived(node.right);
      case AST_NODE_TYPES.SpreadElement:
      case AST_NODE_TYPES.AwaitExpression:
        return this.isDerived(node.argument);
      case AST_NODE_TYPES.ChainExpression:
      case AST_NODE_TYPES.TSAsExpression:
      case AST_NODE_TYPES.TSNonNullExpression:
      case AST_NODE_TYPES.TSSatisfiesExpression:
        return this.isDerived(node.expression);
      default:
        return isFunction(node) && this.functionDerives(node);
    }
  }

  private callDerives(call: TSESTree.CallExpression): boolean {
    const { callee, arguments: given } = call;
    const name = calledName(call) ?? '';
    if (isPromise(callee) && GATHERS.includes(name))
      return given.every((each) => this.isDerived(each));
    if (isPromise(callee) && SETTLED.includes(name)) return true;
    if (MAPS.includes(name) && given.some((each) => isFunction(each) && this.isDerived(each)))
      return true;
    return this.isDerived(callee) || given.some((each) => this.isContext(each));
  }

  private isContext(node: TSESTree.Node): boolean {
    const variable = node.type === AST_NODE_TYPES.Identifier ? this.find(node) : null;
    return variable !== null && this.contexts.has(variable);
  }

  private nameDerives(name: TSESTree.Identifier): boolean {
    const variable = this.find(name);
    if (!variable) return false;
    if (this.contexts.has(variable)) return true;
    const [definition] = variable.defs;
    switch (definition?.node.type) {
      case AST_NODE_TYPES.VariableDeclarator:
        return this.variableDerives(variable);
      case AST_NODE_TYPES.FunctionDeclaration:
      case AST_NODE_TYPES.FunctionExpression:
      case AST_NODE_TYPES.ArrowFunctionExpression:
        return definition.type === TSESLint.Scope.DefinitionType.Parameter
          ? this.parameterDerives(definition.node)
          : this.isDerived(definition.node);
      default:
        return false;
    }
  }

  /** What is only ever set to, and filled with, what comes from the context. */
  private variableDerives({ references }: Variable): boolean {
    const written = references.flatMap(({ writeExpr }) => writeExpr ?? []);
    const added = references.flatMap(({ identifier }) => addedTo(identifier));
    return written.length > 0 && [...written, ...added].every((value) => this.isDerived(value));
  }

  /** An item of what comes from the context, as in `operations.map(async (operation) => …)`. */
  private parameterDerives({ parent }: FunctionNode): boolean {
    return (
      parent.type === AST_NODE_TYPES.CallExpression &&
      parent.callee.type === AST_NODE_TYPES.MemberExpression &&
      this.isDerived(parent.callee.object)
    );
  }

  /** One in task code: the awaits of an async one are looked at where they stand. */
  private functionDerives(node: FunctionNode): boolean {
    if (taskCodeAround(node) === undefined) return false;
    return node.async || returnedBy(node).every((value) => this.isDerived(value));
  }

  private find(name: TSESTree.Identifier): Variable | null {
    return ASTUtils.findVariable(this.code.getScope(name), name);
  }
}

/** What a function returns, nested functions left out. */
export function returnedBy({ body }: FunctionNode): TSESTree.Expression[] {
  return body.type === AST_NODE_TYPES.BlockStatement ? returnedIn(body) : [body];
}

function returnedIn(node: TSESTree.Node): TSESTree.Expression[] {
  if (node.type === AST_NODE_TYPES.ReturnStatement) return node.argument ? [node.argument] : [];
  if (isFunction(node)) return [];
  return childrenOf(node).flatMap(returnedIn);
}

function childrenOf(node: TSESTree.Node): TSESTree.Node[] {
  return Object.entries(node)
    .filter(([property]) => property !== 'parent')
    .flatMap(([, value]) => value as unknown)
    .filter((value): value is TSESTree.Node => isNode(value));
}

const isNode = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && 'range' in value;

const isPromise = (callee: TSESTree.Node): boolean =>
  callee.type === AST_NODE_TYPES.MemberExpression &&
  callee.object.type === AST_NODE_TYPES.Identifier &&
  callee.object.name === 'Promise';

/** `value` of `identifier.push(value)`. */
function addedTo({ parent }: TSESTree.Node): TSESTree.Node[] {
  const call = parent?.type === AST_NODE_TYPES.MemberExpression ? parent.parent : undefined;
  if (call?.type !== AST_NODE_TYPES.CallExpression || call.callee !== parent) return [];
  return ADDS.includes(calledName(call) ?? '') ? call.arguments : [];
}
