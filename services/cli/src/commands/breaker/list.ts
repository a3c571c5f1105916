import type { Command } from 'commander';
import type { Breaker, BreakerState } from '@lockstep/store';
import type { Colour } from '../../output/colour.js';
import type { Output } from '../../output/output.js';
import { timeText } from '../../output/times.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';

interface Breakers {
  readonly breakers: readonly Breaker[];
}

const COLOURS: Readonly<Record<BreakerState, Colour | undefined>> = {
  closed: undefined,
  'half-open': 'yellow',
  open: 'red',
};

export function addList(breaker: Command, shell: Shell): void {
  const command = breaker.command('list').description('List the breakers of all targets');
  asksGateway(command, shell, (session) => session.show('/v1/breakers', listText));
}

function listText({ breakers }: Breakers, out: Output): void {
  out.table(
    breakers,
    [
      { name: 'TARGET', text: ({ target }) => target },
      { name: 'STATE', text: stateText, colour: ({ state }) => COLOURS[state] },
      { name: 'SINCE', text: ({ sinceMs }) => (sinceMs === null ? '' : timeText(sinceMs, out)) },
      { name: 'WAITING', text: ({ waiting }) => String(waiting) },
      { name: 'GOING ON', text: ({ admitted }) => String(admitted) },
      { name: 'WHY', text: whyText },
    ],
    'no work was sent to any target yet',
  );
}

const stateText = ({ state, pinned }: Breaker): string =>
  pinned ? `${state} until a person closes it` : state;

const whyText = ({ reason, by }: Breaker): string =>
  [reason, by && `by ${by}`].filter((part) => part !== null).join(', ');
