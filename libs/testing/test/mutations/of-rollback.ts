import type { Mutation } from './mutation.js';

const lua = (name: string): string => `libs/store/src/functions/${name}.lua`;
const store = (name: string) => ({ file: 'libs/store/test/rollback.integration.spec.ts', name });

/** How a workflow ends that has failed: all that it did is undone, each once, in reverse order. */
export const OF_ROLLBACK: readonly Mutation[] = [
  {
    rule: 'G6',
    breaks: 'what was committed first is undone first',
    file: lua('shared/rollback'),
    find: 'a.version > b.version',
    replace: 'a.version < b.version',
    test: store('S12: undoes one effect after the other, the newest first, and then ends'),
  },
  {
    rule: 'G6',
    breaks: 'a rollback does not wait for effects that are open',
    file: lua('shared/rollback'),
    find: 'if tonumber(task.intents) > 0 then',
    replace: 'if false then',
    test: store('G5: waits until open effects are settled, and undoes those that turn out'),
  },
  {
    rule: 'G6',
    breaks: 'what is cancelled while its effect is in doubt goes on when that is settled',
    file: 'libs/runtime/src/execution/task-execution.ts',
    find: 'return !this.isSettling && this.journal.recorded(op)',
    replace: 'return this.journal.recorded(op)',
    test: {
      file: 'libs/runtime/test/settling.integration.spec.ts',
      name: 'G6: leaves nobody behind where the workflow that gave it up goes on without it',
    },
  },
  {
    rule: 'G6',
    breaks: 'a reader that leaves takes a message with it that it was given after it had looked',
    file: lua('forget'),
    find: 'if is_meant and consumer.pending == 0 and',
    replace: 'if is_meant and',
    test: {
      file: 'libs/store/test/inbox.integration.spec.ts',
      name: 'G6 I4: a reader that leaves takes nothing with it that came to it after it had looked',
    },
  },
  {
    rule: 'G6',
    breaks: 'what turned out to have happened while it was settled stands',
    file: lua('append'),
    find: "if event.type == 'EffectCommitted' and not is_of_rollback(flow, task) then",
    replace: "if event.type == 'EffectCommitted' and task.mode == 'run' then",
    test: store('G5: waits until open effects are settled, and undoes those that turn out'),
  },
  {
    rule: 'G6',
    breaks: 'a rollback undoes what it does itself',
    file: lua('append'),
    find: "if event.type == 'EffectCommitted' and not is_of_rollback(flow, task) then",
    replace: "if event.type == 'EffectCommitted' then",
    test: store('lets stand what its own tasks do, and those that they call'),
  },
  {
    rule: 'G6',
    breaks: 'a rollback undoes what those do whom it calls',
    file: lua('append'),
    find: "if is_of_rollback(flow, task) then child.mode = 'undo' end",
    replace: '',
    test: store('lets stand what its own tasks do, and those that they call'),
  },
  {
    rule: 'G6',
    breaks: 'an adopter undoes what another has done',
    file: lua('append'),
    find: "if event.type == 'EffectCommitted' and not",
    replace: "if (event.type == 'EffectCommitted' or event.type == 'EffectAdopted') and not",
    test: {
      file: 'libs/runtime/test/rollback.integration.spec.ts',
      name: 'E1: leaves a receipt alone that it only adopted',
    },
  },
  {
    rule: 'G6',
    breaks: 'a rollback to a savepoint undoes all',
    file: lua('shared/rollback'),
    find: 'newest.version > tonumber(upTo)',
    replace: 'true',
    test: store('lets stand what was committed up to a version'),
  },
  {
    rule: 'G6',
    breaks: 'an effect that is undone is undone again',
    file: lua('append'),
    find: "flow.committed = flow.committed - redis.call('HDEL', flow.head, 'e:' .. task.returnOp)",
    replace: 'flow.committed = flow.committed - 1',
    test: store('S12: undoes one effect after the other, the newest first, and then ends'),
  },
  {
    rule: 'G6',
    breaks: 'the task after a rollback runs again and again',
    file: lua('shared/rollback'),
    find: "redis.call('HDEL', flow.head, 'after')",
    replace: '',
    test: store('runs the task that follows once, with the request and the cause'),
  },
];
