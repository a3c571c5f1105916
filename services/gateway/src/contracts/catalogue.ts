import type { AnyWorkflow } from '@lockstep/contracts';
import { UnknownWorkflowType } from '../problems/errors.js';

/** The workflow contracts that this gateway was deployed with. */
export class Catalogue {
  private constructor(private readonly byType: ReadonlyMap<string, AnyWorkflow>) {}

  /**
   * Every workflow among `values`, which may be anything: what a module exports.
   *
   * @throws Error when two workflows have one type
   */
  static of(values: readonly unknown[]): Catalogue {
    const byType = new Map<string, AnyWorkflow>();
    for (const workflow of new Set(values.filter(isWorkflow))) {
      if (byType.has(workflow.type)) throw new Error(`two workflows have type ${workflow.type}`);
      byType.set(workflow.type, workflow);
    }
    return new Catalogue(byType);
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
  typeof value === 'object' &&
  value !== null &&
  ['type', 'version', 'root', 'state', 'signals'].every((name) => name in value);
