import { describe, it } from '@jest/globals';
import { type Rule, RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { handlerAwaits } from './handler-awaits.js';

RuleTester.describe = describe;
RuleTester.it = it;

const rule = handlerAwaits as unknown as Rule.RuleModule; // typed for TypeScript's syntax tree
const languageOptions = { parser: tseslint.parser };

/** A handler with this body. */
const handler = (body: string) => ({
  name: body,
  code: `
    class Agent {
      @Task(sums.double, { timeout: '30s' })
      async double(request: Amount, task: TaskContext): Promise<Amount> { ${body} }
    }`,
});

const foreign = { messageId: 'foreign' } as const;

new RuleTester({ languageOptions }).run('handler-awaits', rule, {
  valid: [
    ...[
      'await task.call(other, request);',
      'const { double } = await task.call(other, request); return double;',
      'const pending = task.call(other, request); await task.sleep(1); await pending;',
      'await task.all([task.call(a, 1), task.call(b, 2)]);',
      'await Promise.all([task.call(a, 1), task.sleep(5)]);',
      'await Promise.race([task.signal(go), task.sleep(5)]);',
      'await Promise.all(request.items.map((item) => task.call(a, item)));',
      'await Promise.all(request.items.map(async (item) => { await task.call(a, item); }));',
      'await Promise.all(Array.from({ length: 3 }, (_, n) => task.call(a, n)));',
      'const calls = []; for (const n of request) calls.push(task.call(a, n)); await Promise.all(calls);',
      'const calls = [task.call(a, 1)]; for (const call of calls) await call;',
      'const calls = [task.call(a, 1)]; await Promise.all(calls.map(async (call) => { await call; }));',
      'let pending; if (request.fast) pending = task.call(a, 1); else pending = task.call(b, 1); await pending;',
      'await (request.fast ? task.call(a, 1) : task.call(b, 1));',
      'await (request.fast ? task.call(a, 1) : undefined);',
      'await task.call(a, 1).catch(() => undefined);',
      'const ask = () => task.call(a, 1); await ask();',
      'const ask = async () => { const { n } = await task.call(a, 1); return format(n); }; await ask();',
      'async function ask() { await task.call(a, 1); } await ask();',
      'await this.helper(request, task);',
      'await book(request, task);',
      'const state = task.state(job); await state.merge({ done: 1 });',
      'await task.step("ask", () => fetch(url));',
      'await task.step("ask", async ({ signal }) => { const answer = await fetch(url, { signal }); return answer.json(); });',
      'await task.step("id", () => ({ id: crypto.randomUUID(), at: Date.now(), home: process.env.HOME }));',
      'new Date(request.atMs).toISOString();',
    ].map(handler),
    'class Service { async work() { await fetch(url); return Date.now(); } }',
    'class Agent { @Task(a) run(r, task) { return this.tools.read(r, task); } }',
    'class Agent { @Task(a) run() { return Promise.resolve({ n: 1 }); } }',
    'const pay = effect("pay", { perform: async (input) => { await fetch(url); } });',
  ],
  invalid: [
    ...[
      'await fetch(url);',
      'await fetch(task.workflow.id);',
      'await this.bank.book(request);',
      'await new Promise((done) => done());',
      'await Promise.all([task.call(a, 1), fetch(url)]);',
      'await Promise.all(request.items.map((item) => fetch(item)));',
      'const calls = []; calls.push(task.call(a, 1)); calls.push(fetch(url)); await Promise.all(calls);',
      'let pending = task.call(a, 1); pending = fetch(url); await pending;',
      'await (request.fast ? task.call(a, 1) : fetch(url));',
      'const ask = () => fetch(url); await ask();',
      'for await (const line of lines(request)) task.log.info(line);',
      'const ask = async () => { await fetch(url); }; await ask();',
    ].map((body) => ({ ...handler(body), errors: [foreign] })),
    ...(
      [
        ['Date.now();', 'clock'],
        ['new Date();', 'clock'],
        ['performance.now();', 'clock'],
        ['Math.random();', 'randomness'],
        ['crypto.randomUUID();', 'randomness'],
        ['randomUUID();', 'randomness'],
        ['setTimeout(run, 5);', 'timer'],
        ['process.env.HOME;', 'environment'],
        ['await task.call(a, { at: Date.now() });', 'clock'],
        ['request.items.map(() => Math.random());', 'randomness'],
      ] as const
    ).map(([body, messageId]) => ({ ...handler(body), errors: [{ messageId }] })),
    {
      code: 'class Agent { @Task(a) run(request, task) { return this.bank.book(request); } }',
      errors: [foreign],
    },
    {
      code: 'async function helper(order: Order, task: TaskContext) { await fetch(url); }',
      errors: [foreign],
    },
  ],
});
