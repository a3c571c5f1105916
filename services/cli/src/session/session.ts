import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../exit/cli-error.js';
import { Gateway } from '../gateway/gateway.js';
import { Output } from '../output/output.js';
import { confirm } from '../shell/confirm.js';
import type { Shell } from '../shell/shell.js';
import {
  type ChangeOptions,
  type ConnectionOptions,
  LOCAL_URL,
  withConnection,
  withJson,
} from './options.js';

/**
 * What a command does that asks the gateway.
 *
 * @param handle - gets the command's arguments in their order, then its options
 */
export function asksGateway(
  command: Command,
  shell: Shell,
  handle: (session: Session, ...args: never[]) => Promise<void>,
): void {
  withConnection(withJson(command)).action(async (...given: unknown[]) => {
    const args = given.slice(0, -1); // the last is the command itself
    const session = new Session(shell, args.at(-1) as ConnectionOptions & ChangeOptions);
    await handle(session, ...(args as never[]));
  });
}

/** One command under way. */
export class Session {
  readonly gateway: Gateway;
  readonly out: Output;

  constructor(
    readonly shell: Shell,
    private readonly options: ConnectionOptions & ChangeOptions,
  ) {
    const { url, json = false } = options;
    this.gateway = new Gateway({ url: urlOf(url), apiKey: keyOf(options), signal: shell.signal });
    this.out = new Output(shell, json);
  }

  /** @throws CliError when the answer is no, UsageError when there is nobody to ask */
  confirm(question: string): Promise<void> {
    return confirm(question, this.options.yes ?? false, this.shell);
  }

  /** Reads a route and tells its answer: as it is in JSON, else by `told`. */
  async show(path: string, told: (answer: never, out: Output) => void): Promise<void> {
    const text = await this.gateway.read(path);
    if (this.out.json) this.out.jsonText(text);
    else told(JSON.parse(text) as never, this.out);
  }

  /**
   * Sends a command, and tells what it came to.
   *
   * @param done - what has been done, in words
   */
  async decide(path: string, body: object, done: string): Promise<void> {
    const { commandId = randomUUID(), ifVersion } = this.options;
    const reply = await this.gateway.command(path, body, { commandId, ifVersion });
    const answer = { ...reply, commandId };
    if (this.out.json) {
      this.out.jsonText(JSON.stringify(answer));
      return;
    }
    this.out.note(done);
    this.out.facts(factsOf(answer));
  }
}

/** What is one word or number; the rest is for JSON. */
const factsOf = (answer: object): [string, string][] =>
  Object.entries(answer)
    .filter(([, value]) => value !== null && typeof value !== 'object')
    .map(([name, value]) => [name, String(value)]);

function urlOf(text: string): string {
  const url = URL.parse(text);
  if (url && ['http:', 'https:'].includes(url.protocol)) return text.replace(/\/$/, '');
  throw new UsageError(
    `${JSON.stringify(text)} is no address of a gateway`,
    `say --url ${LOCAL_URL}`,
  );
}

function keyOf({ apiKey, apiKeyFile }: ConnectionOptions): string | undefined {
  if (!apiKeyFile) return apiKey;
  try {
    return readFileSync(apiKeyFile, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`the API key cannot be read: ${(error as Error).message}`);
  }
}
