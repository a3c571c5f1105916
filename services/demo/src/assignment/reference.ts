import { digestOf, isWriteTool, ShopClient } from '@lockstep/retail/shop';
import type { ExpectedResult, RecordedJob } from '../data/dataset.js';
import type { Outcome } from './outcome.js';

type Action = RecordedJob['actions'][number];

/** Does jobs one action after the other, on a database that nothing disturbs and nobody else uses. */
export async function doInOrder(
  shopUrl: string,
  jobs: readonly RecordedJob[],
  database: string,
): Promise<Outcome> {
  const shop = new ShopClient(shopUrl);
  const results: ExpectedResult[][] = [];
  for (const { id, actions } of jobs) {
    const answers: ExpectedResult[] = [];
    for (const [at, action] of actions.entries()) {
      answers.push(await resultOf(shop, database, action, `${id}/${at}`));
    }
    results.push(answers);
  }
  return { results, changed: await shop.changed(database) };
}

async function resultOf(
  shop: ShopClient,
  database: string,
  { name, arguments: args }: Action,
  reference: string,
): Promise<ExpectedResult> {
  const options = isWriteTool(name) ? { reference } : {};
  const answer = await shop.call(database, name, args, options as never);
  if (answer.ok) return { ok: true, out: digestOf(answer.value) };
  return { ok: false, error: answer.error, out: digestOf(answer.error) };
}
