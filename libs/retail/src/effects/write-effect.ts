import { effect, type EffectDefinition, Rejected, type ReverseSpec } from '@lockstep/runtime';
import type { Answer, ToolValue } from '../shop/answers.js';
import type { ToolArguments } from '../shop/arguments.js';
import type { WriteOptions } from '../shop/connection.js';
import type { ShopClient, ToolCallOptions } from '../shop/shop-client.js';
import { TOOLS, type WriteTool } from '../shop/tools.js';
import { accepted, acting, EFFECT_TIMES, PATIENT } from './outside.js';
import { type Reverse, SHOP_WRITES } from './shop-writes.js';

/** What one write is about to do. */
export interface WriteInput<T extends WriteTool> {
  readonly database: string;
  readonly arguments: ToolArguments<T>;
  /** The record before the write; null when there is none, and the shop will refuse. */
  readonly before: ToolValue<T> | null;
}

/** A write that was done. */
export interface WriteReceipt<T extends WriteTool> {
  readonly database: string;
  /** The record after the write. */
  readonly value: ToolValue<T>;
  /** Null when the record before the write was not known. */
  readonly reverse: Reverse | null;
}

/** A write of the shop as an effect; its key is the reference by which the shop finds it. */
export function writeEffect<T extends WriteTool>(
  tool: T,
  shop: ShopClient,
): EffectDefinition<WriteInput<T>, WriteReceipt<T>> {
  const { diff, reverse } = SHOP_WRITES[tool];
  const receipt = (
    { database, before, arguments: args }: WriteInput<T>,
    value: ToolValue<T>,
  ): WriteReceipt<T> => ({ database, value, reverse: before && reverse(before, args) });

  return effect<WriteInput<T>, WriteReceipt<T>>(tool, {
    ...EFFECT_TIMES,
    retry: PATIENT,
    risk: TOOLS[tool].risk,
    preview: ({ before, arguments: args }) => before && diff(before, args),
    perform: (input, io) =>
      acting(io, async ({ key, signal }) => {
        const options = { reference: key, signal } as ToolCallOptions<T>;
        const { database, arguments: args } = input;
        return receipt(input, accepted(await shop.call(database, tool, args, options)));
      }),
    probe: async (input, { key, signal }) => {
      const first = await shop.firstResult<T>(input.database, key, { signal });
      return first ? { happened: true, receipt: receipt(input, first.value) } : { happened: false };
    },
    compensate: takingBack(tool, shop),
  });
}

/** Takes a write back exactly, under a reference of its own. */
const takingBack = <T extends WriteTool>(
  tool: T,
  shop: ShopClient,
): ReverseSpec<WriteReceipt<T>> => ({
  ...EFFECT_TIMES,
  retry: PATIENT,
  perform: ({ database, reverse: back }, io) => {
    if (!back) throw new Rejected(`the record before this ${tool} was not known`);
    return acting(io, async ({ key: reference, signal }) =>
      accepted(await take(back, shop, database, { reference, signal })),
    );
  },
  probe: async ({ database }, { key, signal }) => {
    const first = await shop.firstResult<T>(database, key, { signal });
    return first ? { happened: true, receipt: first.value } : { happened: false };
  },
});

function take(
  back: Reverse,
  shop: ShopClient,
  database: string,
  options: WriteOptions,
): Promise<Answer<unknown>> {
  return 'undo' in back
    ? shop.undo(database, back.undo, back.arguments, options)
    : shop.call(database, back.tool, back.arguments, options);
}
