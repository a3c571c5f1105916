import type { AnyRole, AnyWorkflow } from '@lockstep/contracts';
import { UnknownWorkflowType } from '../problems/errors.js';

/** The contracts that this gateway was deployed with. */
export class Catalogue {
  private constructor(
    private readonly byType: ReadonlyMap<string, AnyWorkflow>,
    /** Names of all roles, in alphabetical order. */
    readonly roles: readonly string[],
  ) {}

  /**
   * Every workflow and role among `values`, which may be anything: what a module exports.
   *
   * @throws Error when two workflows have one type
   */
  static of(values: readonly unknown[]): Catalogue {
    const byType = new Map<string, AnyWorkflow>();
    for (const workflow of new Set(values.filter(isWorkflow))) {
      if (byType.has(workflow.type)) throw new Error(`two workflows have type ${workflow.type}`);
      byType.set(workflow.type, workflow);
    }
    const roots = [...byType.values()].map(({ root }) => root.role);
    const roles = new Set([...values.filter(isRole).map(({ name }) => name), ...roots]);
    return new Catalogue(byType, [...roles].sort());
  }

  get types(): string[] {
    return [...this.byType.keys()].sort();
  }

  /** @throws UnknownWorkflowType */
  workflow(type: string): AnyWorkflow {
    const workflow = this.byType.get(type);
    if (!workflow) throw new UnknownWorkflowType(type, this.types);
    return workflow;
  }
}

const isWorkflow = (value: unknown): value is AnyWorkflow =>
  isObject(value) && 'type' in value && 'root' in value && 'signals' in value && 'state' in value;

const isRole = (value: unknown): value is AnyRole =>
  isObject(value) && 'inbox' in value && 'tasks' in value && 'major' in value;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
