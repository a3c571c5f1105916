import { type JsonSchema, schemasByName } from './json-schema.js';
import type { PayloadClass } from './payload.js';
import type { AnyRole, AnyTask } from './role.js';
import { InvalidContract } from './violations.js';
import type { AnyWorkflow, SignalContract } from './workflow.js';

/** An AsyncAPI 3.0 document as plain JSON. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly channels: Readonly<Record<string, object>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly components: {
    readonly messages: Readonly<Record<string, object>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

export interface AsyncApiOptions {
  readonly title: string;
  /** Of the described system. */
  readonly version: string;
  readonly roles: readonly AnyRole[];
  /** Default none. */
  readonly workflows?: readonly AnyWorkflow[];
}

/** What one role or workflow adds to the document. */
type Part = Pick<AsyncApiDocument, 'channels' | 'operations' | 'components'>;

interface Message {
  readonly name: string;
  readonly payload: PayloadClass<unknown>;
  readonly version: number;
}

/**
 * Describes all roles and workflows: a channel for each inbox, its tasks as operations whose
 * results are replies, and the start and signals of each workflow.
 *
 * @throws InvalidContract when two parts, or two classes within a part, have one name
 */
export function asyncApi({
  title,
  version,
  roles,
  workflows = [],
}: AsyncApiOptions): AsyncApiDocument {
  const parts = [...roles.map(rolePart), ...workflows.map(workflowPart)];
  return {
    asyncapi: '3.0.0',
    info: { title, version },
    channels: disjoint(parts.map((part) => part.channels)),
    operations: disjoint(parts.map((part) => part.operations)),
    components: {
      messages: disjoint(parts.map((part) => part.components.messages)),
      schemas: disjoint(parts.map((part) => part.components.schemas)),
    },
  };
}

function rolePart({ name, major, inbox, tasks }: AnyRole): Part {
  const replies = `${inbox}.results`;
  const requests = Object.values(tasks).map(requestMessage);
  const results = Object.values(tasks).map(resultMessage);
  const prefix = `${name}-v${major}`;
  return {
    channels: {
      [inbox]: channel(inbox, `Requests to role ${name}, major version ${major}`, prefix, requests),
      [replies]: channel(null, 'Results, into the log of the workflow that asked', prefix, results),
    },
    operations: Object.fromEntries(
      Object.values(tasks).map((task) => [
        `${inbox}.${task.name}`,
        {
          ...receive(inbox, requestMessage(task)),
          reply: {
            channel: ref('channels', replies),
            messages: [ref('channels', replies, 'messages', resultMessage(task).name)],
          },
        },
      ]),
    ),
    components: components(prefix, [...requests, ...results]),
  };
}

function workflowPart({ type, root, signals }: AnyWorkflow): Part {
  const start: Message = { name: 'start', payload: root.request, version: root.version };
  const messages = [start, ...Object.values<SignalContract<unknown>>(signals)];
  const prefix = `workflow.${type}`;
  return {
    channels: { [type]: channel(type, `Start and signals of workflow ${type}`, prefix, messages) },
    operations: Object.fromEntries(
      messages.map((message) => [`${type}.${message.name}`, receive(type, message)]),
    ),
    components: components(prefix, messages),
  };
}

function requestMessage({ name, request, version }: AnyTask): Message {
  return { name: `${name}.request`, payload: request, version };
}

function resultMessage({ name, result, version }: AnyTask): Message {
  return { name: `${name}.result`, payload: result, version };
}

function channel(
  address: string | null,
  description: string,
  prefix: string,
  messages: readonly Message[],
): object {
  const refs = messages.map(({ name }) => [
    name,
    ref('components', 'messages', `${prefix}.${name}`),
  ]);
  return { address, description, messages: Object.fromEntries(refs) as object };
}

function receive(channelName: string, { name }: Message): object {
  return {
    action: 'receive',
    channel: ref('channels', channelName),
    messages: [ref('channels', channelName, 'messages', name)],
  };
}

function components(prefix: string, messages: readonly Message[]): Part['components'] {
  const schemas = schemasByName(
    messages.map((message) => message.payload),
    `#/components/schemas/${prefix}.`,
  );
  return {
    messages: prefixed(
      prefix,
      messages.map((each) => [each.name, describe(prefix, each)]),
    ),
    schemas: prefixed(prefix, Object.entries(schemas)),
  };
}

function describe(prefix: string, { name, payload, version }: Message): object {
  return {
    name,
    contentType: 'application/json',
    headers: {
      type: 'object',
      properties: { version: { type: 'integer', const: version } },
      required: ['version'],
    },
    payload: ref('components', 'schemas', `${prefix}.${payload.name}`),
  };
}

function ref(...path: readonly string[]): { readonly $ref: string } {
  return { $ref: `#/${path.join('/')}` };
}

function prefixed<Value>(
  prefix: string,
  entries: readonly (readonly [string, Value])[],
): Record<string, Value> {
  return Object.fromEntries(entries.map(([name, value]) => [`${prefix}.${name}`, value]));
}

function disjoint<Value>(parts: readonly Readonly<Record<string, Value>>[]): Record<string, Value> {
  const entries = parts.flatMap((part) => Object.entries(part));
  const twice = entries.find(([name], at) => entries.findIndex(([other]) => other === name) < at);
  if (twice) throw new InvalidContract(`${twice[0]} is described twice`);
  return Object.fromEntries(entries);
}
