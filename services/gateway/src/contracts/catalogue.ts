import type { AnyRole, AnyTask, AnyWorkflow } from '@lockstep/contracts';
import { UnknownTaskContract, UnknownWorkflowType } from '../problems/errors.js';

/** Which task of which role. */
export type TaskName = Pick<AnyTask, 'role' | 'major' | 'name'>;

/** The contracts that this gateway was deployed with. */
export class Catalogue {
  private constructor(
    private readonly byType: ReadonlyMap<string, AnyWorkflow>,
    private readonly tasks: ReadonlyMap<string, AnyTask>,
  ) {}

  /**
   * Every workflow and every task of a role among `values`, which may be anything: what a module exports.
   *
   * @throws Error when two workflows have one type
   */
  static of(values: readonly unknown[]): Catalogue {
    const byType = new Map<string, AnyWorkflow>();
    for (const workflow of new Set(values.filter(isWorkflow))) {
      if (byType.has(workflow.type)) throw new Error(`two workflows have type ${workflow.type}`);
      byType.set(workflow.type, workflow);
    }
    const roots = [...byType.values()].map(({ root }) => root);
    const tasks = [...roots, ...values.filter(isRole).flatMap((role) => Object.values(role.tasks))];
    return new Catalogue(byType, new Map(tasks.map((task) => [nameOf(task), task])));
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

  /** @throws UnknownTaskContract */
  task(name: TaskName): AnyTask {
    const task = this.tasks.get(nameOf(name));
    if (!task) throw new UnknownTaskContract(nameOf(name));
    return task;
  }
}

const nameOf = ({ role, major, name }: TaskName): string => `${role}@${major}.${name}`;

const isWorkflow = (value: unknown): value is AnyWorkflow =>
  has(value, ['type', 'version', 'root', 'state', 'signals']);

const isRole = (value: unknown): value is AnyRole =>
  has(value, ['name', 'major', 'inbox', 'tasks']);

const has = (value: unknown, names: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && names.every((name) => name in value);
