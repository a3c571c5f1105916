// Writes expected.json, sequences.json and meta.json of this folder: what a shop, whose tools are checked against
// another, larger set of jobs, makes of each job of tasks.json. To be run when the data changes,
// with a shop over this folder (its default) running:
//
//   node services/demo/sample/make-expected.mjs [http://127.0.0.1:7480]
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical, digestOf, isWriteTool, ShopClient } from '@lockstep/retail/shop';

const shop = new ShopClient(process.argv[2] ?? 'http://127.0.0.1:7480');
const run = `expected/${randomUUID()}`;

const read = (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));

const write = (name, text) => {
  writeFileSync(join(import.meta.dirname, name), `${text}\n`);
};

/** Records that an action changed, those that are back at their beginning included. */
function changedBetween(before, after) {
  const texts = (records) =>
    new Map(records.map(({ table, id, after: record }) => [`${table}/${id}`, canonical(record)]));
  const [old, now] = [texts(before), texts(after)];
  const ids = new Set([...old.keys(), ...now.keys()]);
  return [...ids].filter((id) => old.get(id) !== now.get(id)).sort();
}

async function resultOf(database, { name, arguments: args }, index) {
  const before = await shop.changed(database);
  const options = isWriteTool(name) ? { reference: `${database}/${index}` } : {};
  const answer = await shop.call(database, name, args, options);
  return {
    ok: answer.ok,
    ...(!answer.ok && { error: answer.error }),
    out: digestOf(answer.ok ? answer.value : answer.error),
    changed: changedBetween(before, await shop.changed(database)),
    state: await shop.digest(database),
  };
}

async function expectationOf({ id, actions }) {
  const database = `${run}/${id}`;
  const results = [];
  for (const [index, action] of actions.entries()) {
    results.push(await resultOf(database, action, index));
  }
  const writes = actions.flatMap(({ name }, index) => (isWriteTool(name) ? [results[index]] : []));
  return {
    id,
    digest: await shop.digest(database),
    writes: writes.length,
    failedWrites: writes.filter(({ ok }) => !ok).length,
    results,
    changed: await shop.changed(database),
  };
}

const tasks = read('tasks.json');
const expected = [];
for (const task of tasks) expected.push(await expectationOf(task));
write('expected.json', `[\n${expected.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`);

/** What a rollback leaves of a job is told of a database of its own. */
const inSequences = tasks.filter(({ allOrNothing }) => !allOrNothing);

/** Of each customer the job with the most writes, the first of equals. */
function onePerUser() {
  const most = new Map();
  const writesOf = ({ actions }) => actions.filter(({ name }) => isWriteTool(name)).length;
  for (const task of inSequences) {
    const best = most.get(task.userId);
    if (!best || writesOf(task) > writesOf(best)) most.set(task.userId, task);
  }
  return inSequences.filter((task) => most.get(task.userId) === task);
}

/** What jobs leave that are done one after the other on one database. */
async function sequenceOf(name, jobs) {
  const database = `${run}/${name}`;
  const failedWrites = [];
  for (const { id, actions } of jobs) {
    for (const [action, { name: tool, arguments: args }] of actions.entries()) {
      if (!isWriteTool(tool)) continue;
      const options = { reference: `${database}/${id}/${action}` };
      const { ok, error } = await shop.call(database, tool, args, options);
      if (!ok) failedWrites.push({ task: id, action, error });
    }
  }
  const digest = await shop.digest(database);
  return { name, tasks: jobs.map(({ id }) => id), failedWrites, digest };
}

const sequences = [
  await sequenceOf('one-per-user', onePerUser()),
  await sequenceOf('all-in-order', inSequences),
];
write('sequences.json', `[\n${sequences.map((each) => JSON.stringify(each)).join(',\n')}\n]`);

const count = (table) => Object.keys(read(`${table}.json`)).length;
const meta = {
  name: 'sample',
  part: 'whole',
  license: 'Apache-2.0',
  initialDigest: await shop.digest(run),
  tasks: tasks.length,
  records: { orders: count('orders'), products: count('products'), users: count('users') },
};
write('meta.json', JSON.stringify(meta, null, 1));
console.log(`${expected.length} expectations`);
