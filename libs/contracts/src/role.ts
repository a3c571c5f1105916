import { checkName, checkVersion } from './names.js';
import type { PayloadClass, VersionOptions } from './payload.js';
import { checkPayloadClass } from './payload-class.js';
import { checkUpcasters, orUnchanged, unchangedSince, type Upcasters } from './upcast.js';
import { InvalidContract } from './violations.js';

/** A task before its role names it. */
export interface TaskDeclaration<Request, Result> {
  readonly request: PayloadClass<Request>;
  readonly result: PayloadClass<Result>;
  /** Of both schemas. */
  readonly version: number;
  /** In which requests are written: the oldest that is the same as `version` for them. */
  readonly requestVersion: number;
  /** As `requestVersion`, for results. */
  readonly resultVersion: number;
  readonly upcast: Upcasters;
  readonly upcastResult: Upcasters;
}

/** One kind of work that a role does: what is asked, and what is answered. */
export interface TaskContract<Request, Result> extends TaskDeclaration<Request, Result> {
  readonly role: string;
  /** The role's; see {@link RoleContract.major}. */
  readonly major: number;
  /** Where requests are delivered, as in `payments@1`. */
  readonly inbox: string;
  readonly name: string;
}

export type AnyTask = TaskContract<unknown, unknown>;
export type RequestOf<Contract> =
  Contract extends TaskContract<infer Request, unknown> ? Request : never;
export type ResultOf<Contract> =
  Contract extends TaskContract<unknown, infer Result> ? Result : never;

type TaskDeclarations = Readonly<Record<string, TaskDeclaration<unknown, unknown>>>;
type BoundTasks<Tasks> = {
  readonly [Name in keyof Tasks]: Tasks[Name] extends TaskDeclaration<infer Request, infer Result>
    ? TaskContract<Request, Result>
    : never;
};

/** A role without knowledge of its tasks' types; what lists of roles hold. */
export interface AnyRole {
  readonly name: string;
  /** Part of the inbox's name, so that workers of two majors run side by side. */
  readonly major: number;
  /** As in `payments@1`. */
  readonly inbox: string;
  readonly tasks: Readonly<Record<string, AnyTask>>;
}

/** A role: each task is a property of its own and is listed in `tasks`. */
export type RoleContract<Tasks extends TaskDeclarations> = AnyRole & {
  readonly tasks: BoundTasks<Tasks>;
} & BoundTasks<Tasks>;

export interface TaskOptions extends VersionOptions {
  /** As `upcast`, for results. Where only one of both is given, the other side did not change. */
  readonly upcastResult?: Upcasters;
}

/**
 * Declares a task by the classes of its request and its result; `Nothing` for none.
 *
 * @throws InvalidContract when a class could not be validated whole, or an upcaster is missing
 */
export function task<Request, Result>(
  request: PayloadClass<Request>,
  result: PayloadClass<Result>,
  { version = 1, upcast = {}, upcastResult = {} }: TaskOptions = {},
): TaskDeclaration<Request, Result> {
  checkPayloadClass(request);
  checkPayloadClass(result);
  checkVersion(`the task of ${request.name}`, version);
  checkUpcasters(request.name, version, upcast);
  checkUpcasters(result.name, version, upcastResult);
  return {
    request,
    result,
    version,
    requestVersion: unchangedSince(version, upcast, upcastResult),
    resultVersion: unchangedSince(version, upcastResult, upcast),
    upcast: orUnchanged(upcast, upcastResult),
    upcastResult: orUnchanged(upcastResult, upcast),
  };
}

const OWN_PROPERTIES = new Set(['name', 'major', 'inbox', 'tasks']);

/**
 * Declares a role and names its tasks by their keys.
 *
 * @param options - `version`: the role's major; raise it when old workers must not get new requests
 * @throws InvalidContract when a name or the version breaks its rule
 */
export function role<const Tasks extends TaskDeclarations>(
  name: string,
  tasks: Tasks & { readonly [Own in keyof AnyRole]?: never },
  { version: major = 1 }: { readonly version?: number } = {},
): RoleContract<Tasks> {
  checkName('role', name);
  checkVersion(`role ${name}`, major);
  const of = { role: name, major, inbox: `${name}@${major}` };
  const bound = Object.fromEntries(
    Object.entries<TaskDeclaration<unknown, unknown>>(tasks).map(([taskName, declaration]) => {
      checkTaskName(name, taskName);
      return [taskName, Object.freeze({ ...declaration, ...of, name: taskName })];
    }),
  ) as BoundTasks<Tasks>;
  const contract: AnyRole = { ...bound, name, major, inbox: of.inbox, tasks: Object.freeze(bound) };
  return Object.freeze(contract) as RoleContract<Tasks>;
}

function checkTaskName(role: string, name: string): void {
  checkName('task', name);
  if (!OWN_PROPERTIES.has(name)) return;
  throw new InvalidContract(`a task of ${role} cannot be named ${name}: a role has that itself`, {
    role,
    name,
  });
}
