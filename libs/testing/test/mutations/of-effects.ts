import type { Mutation } from './mutation.js';

const ledger = (name: string) => ({ file: 'libs/store/test/ledger.integration.spec.ts', name });
const spec = (file: string, name: string) => ({
  file: `libs/runtime/test/${file}.integration.spec.ts`,
  name,
});
const lua = (name: string): string => `libs/store/src/functions/${name}.lua`;
const effects = (name: string): string => `libs/runtime/src/effects/${name}.ts`;

/** E1 to E5, in the ledger and in the runtime. */
export const OF_EFFECTS: readonly Mutation[] = [
  {
    rule: 'E1',
    breaks: 'another task takes a reservation that is held',
    file: lua('reserve'),
    find: "if state == 'reserved' and not mine then",
    replace: 'if false then',
    test: ledger('E1: other tasks find the key held, until there is a receipt to adopt'),
  },
  {
    rule: 'E1',
    breaks: 'a key is reserved for another input',
    file: lua('reserve'),
    find: "(state == 'reserved' or state == 'committed') and got[7] ~= digest",
    replace: 'false',
    test: ledger('E1: the same key with another input is a conflict'),
  },
  {
    rule: 'E1',
    breaks: 'a receipt is not adopted',
    file: lua('reserve'),
    find: "if state == 'committed' then return",
    replace: 'if false then return',
    test: spec('execution', 'G5: one key is done once for two workflows'),
  },
  {
    rule: 'E1',
    breaks: 'a second use in the task does not join the first',
    file: effects('effect-run'),
    find: 'execution.keys.runExclusive(`${definition.action} ${key}`, () => this.runAlone())',
    replace: '(execution, definition, key, this.runAlone())',
    test: spec('recovery', 'G5: is done once for two uses in one task'),
  },
  {
    rule: 'E2',
    breaks: 'any error is taken for one which says that nothing happened',
    file: effects('effect-run'),
    find: 'if (error instanceof NotPerformed) return',
    replace: 'if (error instanceof Error) return',
    test: spec('execution', 'G5: in doubt it is probed, and not repeated when it happened'),
  },
  {
    rule: 'E2',
    breaks: 'a release does not free the key',
    file: lua('release'),
    find: "'state', 'released'",
    replace: "'state', 'reserved'",
    test: ledger('E2: what was shown not to have happened frees the key, for another input too'),
  },
  {
    rule: 'E3',
    breaks: 'a doubtful effect is repeated without being asked about',
    file: effects('doubt'),
    find: 'const answer = await this.ask(key);',
    replace: 'const answer = { happened: false } as ProbeAnswer<Receipt>;',
    test: spec('execution', 'G5: in doubt it is probed, and not repeated when it happened'),
  },
  {
    rule: 'E3',
    breaks: 'a probe that cannot say counts as a no',
    file: effects('doubt'),
    find: "if (answer === 'unknown')\n",
    replace:
      "if (answer === 'unknown') return this.outcomes.freed(intent, BLAMELESS.lost, '');\n    if (key === '')\n",
    test: spec('recovery', 'G5: the probe cannot say: the task is parked, and a person settles it'),
  },
  {
    rule: 'E4',
    breaks: 'an older claim gets its reservation back',
    file: lua('reserve'),
    find: 'if mine and tonumber(got[6]) > epoch then',
    replace: 'if false then',
    test: ledger('E4: a newer claim takes over and fences the older'),
  },
  {
    rule: 'E4',
    breaks: 'who takes over is not told of the doubt',
    file: lua('reserve'),
    find: 'doubt = same_claim and tonumber(got[10]) or 1',
    replace: 'doubt = 0',
    test: ledger('E4: a newer claim takes over and fences the older'),
  },
  {
    rule: 'E4',
    breaks: 'a second receipt replaces the first',
    file: lua('commit'),
    find: "if state == 'committed' then return { 'different', occurrence, got[5] } end",
    replace: '',
    test: ledger('E4: keeps the first receipt, from any claim'),
  },
  {
    rule: 'E4',
    breaks: 'an intent without an outcome is simply performed again',
    file: effects('effect-run'),
    find: 'return this.doubt.takeOver(progress.intent);',
    replace: 'return this.attempt(progress.intent.attempt + 1, 0);',
    test: spec('recovery', 'G5: after it acted leaves it in doubt'),
  },
  {
    rule: 'E4',
    breaks: 'who takes over waits first, and reserves then',
    file: effects('effect-run'),
    find: 'this.doubt.takeOver(progress.intent)',
    replace: 'this.doubt.settle(progress.intent, boundOf(progress.intent))',
    test: spec(
      'takeover',
      'E4: has the reservation before it waits: the older claim gets it no more',
    ),
  },
  {
    rule: 'E4',
    breaks: 'the outside world is asked without a look into the ledger',
    file: effects('doubt'),
    find: 'await this.entry.reserve(); // D2',
    replace: "{ reply: 'reserved', occurrence: 1 } as Awaited<ReturnType<LedgerEntry['reserve']>>;",
    test: spec(
      'takeover',
      'E4: reads the ledger before it asks: a receipt that came meanwhile counts',
    ),
  },
  {
    rule: 'E5',
    breaks: 'the window is not checked on the monotonic clock',
    file: effects('effect-run'),
    find: 'onMonotonic >= intent.windowMs',
    replace: 'onMonotonic < 0',
    test: spec('window', 'E5: has closed once monotonicMs'),
  },
  {
    rule: 'E5',
    breaks: 'the window is not checked on the wall clock',
    file: effects('effect-run'),
    find: '|| onWall >= intent.windowMs || onWall < 0',
    replace: '|| onWall === Infinity',
    test: spec('window', 'E5: has closed once wallMs'),
  },
  {
    rule: 'E5',
    breaks: 'the next owner asks at once',
    file: effects('doubt'),
    find: 'boundOf(intent) - passedMs',
    replace: '0 * passedMs',
    test: spec('window', 'E5: is waited out by the next owner, from its own takeover'),
  },
];
