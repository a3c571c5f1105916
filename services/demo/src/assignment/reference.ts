import { digestOf, isWriteTool, ShopClient } from '@lockstep/retail/shop';
import type { ExpectedResult, RecordedJob } from '../data/dataset.js';
import type { Outcome } from './outcome.js';

type Action = RecordedJob['actions'][number];

const DATABASE = 'reference';

/** Does jobs one action after the other, at a shop that nothing disturbs and nobody else uses. */
export async function doInOrder(shopUrl: string, jobs: readonly RecordedJob[]): Promise<Outcome> {
  const shop = new ShopClient(shopUrl);
  const results: ExpectedResult[][] = [];
  for (const { id, actions } of jobs) {
    const answers: ExpectedResult[] = [];
    for (const [at, action] of actions.entries()) {
      answers.push(await resultOf(shop, action, `${id}/${at}`));
    }
    results.push(answers);
  }
  return { results, changed: await shop.changed(DATABASE) };
}

async function resultOf(
  shop: ShopClient,
  { name, arguments: args }: Action,
  reference: string,
): Promise<ExpectedResult> {
  const options = isWriteTool(name) ? { reference } : {};
  const answer = await shop.call(DATABASE, name, args, options as never);
  if (answer.ok) return { ok: true, out: digestOf(answer.value) };
  return { ok: false, error: answer.error, out: digestOf(answer.error) };
}
