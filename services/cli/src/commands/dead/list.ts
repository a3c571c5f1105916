import type { Command } from 'commander';
import { withQuery } from '../../gateway/query.js';
import { errorText } from '../../output/error-text.js';
import type { Output } from '../../output/output.js';
import { timeText } from '../../output/times.js';
import { paged, type PageOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { type LetterFilter, whichLetters } from './filter.js';
import { groupsText } from './groups-text.js';
import type { Letter } from './letter.js';

interface ListOptions extends PageOptions, LetterFilter {
  readonly byCause?: true;
}

interface Letters {
  readonly deadLetters: readonly Letter[];
  readonly next: string | null;
}

const PATH = '/v1/dead-letters';

export function addList(dead: Command, shell: Shell): void {
  const command = dead.command('list').description('List dead letters, the newest first');
  whichLetters(paged(command)).option(
    '--by-cause',
    'count them by cause: the same error at the same place',
  );
  asksGateway(command, shell, (session, { byCause, ...query }: ListOptions) => {
    const { role, group, type, since, until, limit, cursor } = query;
    const filter = { role, group, type, since, until, cursor };
    return byCause
      ? session.show(withQuery(`${PATH}/groups`, filter), groupsText)
      : session.show(withQuery(PATH, { ...filter, limit }), lettersText);
  });
}

function lettersText({ deadLetters, next }: Letters, out: Output): void {
  out.table(
    deadLetters,
    [
      { name: 'LETTER', text: ({ id }) => id },
      { name: 'WORKFLOW', text: ({ workflow }) => workflow },
      { name: 'TASK', text: ({ task }) => task },
      { name: 'REASON', text: ({ meta }) => meta.reason, colour: () => 'yellow' },
      { name: 'CAUSE', text: ({ group }) => group },
      { name: 'ERROR', text: ({ meta }) => errorText(meta.error) },
      { name: 'SINCE', text: ({ atMs }) => timeText(atMs, out) },
    ],
    'no dead letters',
  );
  out.nextPage(next);
}
