import { type AnyEffect, EffectRejected, type TaskContext } from '@lockstep/runtime';
import { writeKey } from '../contracts/keys.js';
import { ASKED_BEFORE, type ToolAnswer } from '../contracts/tool-answer.js';
import type { ToolRequest } from '../contracts/tool-request.js';
import type { Answer, ToolValue } from '../shop/answers.js';
import type { OrderArguments, ToolArguments, UserArguments } from '../shop/arguments.js';
import type { ShopClient, ToolCallOptions } from '../shop/shop-client.js';
import type { ReadTool, WriteTool } from '../shop/tools.js';
import { PATIENT, READ_TIMEOUT } from './outside.js';
import { writeEffect } from './write-effect.js';

/** The shop's tools as a handler uses them: each read a step, each write an effect. */
export class ShopTools {
  constructor(private readonly shop: ShopClient) {}

  /** The writes that an agent may make, as it lists them for a rollback. */
  effects(...tools: readonly WriteTool[]): readonly AnyEffect[] {
    return tools.map((tool) => writeEffect(tool, this.shop));
  }

  /** Recorded once; a refusal is an answer like any other. */
  read<T extends ReadTool>(
    tool: T,
    { database, arguments: args }: ToolRequest<ToolArguments<T>>,
    task: TaskContext,
  ): Promise<Answer<ToolValue<T>>> {
    return task.step(
      tool,
      ({ signal }) => this.shop.call(database, tool, args, { signal } as ToolCallOptions<T>),
      { retry: PATIENT, timeout: READ_TIMEOUT },
    );
  }

  /** Done once for its key; a refusal is an answer like any other. */
  async write<T extends WriteTool>(
    tool: T,
    request: ToolRequest<ToolArguments<T>>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    const { database, arguments: args } = request;
    const before = (await this.#recordBefore(request, task)) as ToolValue<T> | null;
    try {
      const key = writeKey(tool, request);
      const input = { database, arguments: args, before };
      const { value } = await task.effect(writeEffect(tool, this.shop), { key, input });
      return { ok: true, value };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      return { ok: false, error: refusal };
    }
  }

  /** What a person is shown and what a write is taken back to; null when there is no such record. */
  async #recordBefore({ arguments: about, ...place }: ToolRequest, task: TaskContext) {
    const args = about as UserArguments | OrderArguments;
    const answer = await ('user_id' in args
      ? this.read('get_user_details', { ...place, arguments: { user_id: args.user_id } }, task)
      : this.read('get_order_details', { ...place, arguments: { order_id: args.order_id } }, task));
    return answer.ok ? answer.value : null;
  }
}

/** The text of a definite no for a reason of the shop's business, or of a key that is taken. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof EffectRejected)) return undefined;
  if (error.chain[0]?.code === 'KeyConflict') return ASKED_BEFORE;
  return error.message.startsWith('Error: ') ? error.message : undefined;
}
