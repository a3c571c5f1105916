import { type Command, Option } from 'commander';
import type { EffectVerdict } from '@lockstep/kernel';
import { UsageError } from '../../exit/cli-error.js';
import { asking, deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway, type Session } from '../../session/session.js';
import { wholeNumber } from '../../session/whole-number.js';
import { JSON_SOURCES, jsonArgument } from '../../shell/json-argument.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from '../workflow/path.js';

interface SettleOptions extends ReasonOptions {
  readonly verdict: EffectVerdict;
  readonly receipt?: string;
}

const VERDICTS: readonly EffectVerdict[] = ['happened', 'did-not-happen', 'probe-again'];

export function addSettle(effect: Command, shell: Shell): void {
  const command = effect
    .command('settle <workflow> <task>')
    .argument('<op>', 'which of the task’s operations', wholeNumber(1))
    .description('Say what became of an effect in doubt')
    .addOption(
      new Option('--verdict <verdict>', 'what became of it')
        .choices(VERDICTS)
        .makeOptionMandatory(),
    )
    .option('--receipt <json>', `with happened: what the provider gave for it: ${JSON_SOURCES}`);
  asksGateway(asking(deciding(reasoned(command))), shell, settle);
}

async function settle(
  session: Session,
  workflow: string,
  task: string,
  op: number,
  { verdict, receipt: given, reason }: SettleOptions,
): Promise<void> {
  checkReceipt(verdict, given);
  const receipt = await jsonArgument(given, '--receipt', session.shell);
  if (verdict === 'did-not-happen')
    await session.confirm('It is attempted again; if it did happen, it is done twice. Sure?');
  const path = workflowPath(workflow, `effects/${encodeURIComponent(task)}/${op}/settle`);
  await session.decide(path, { verdict, receipt, reason }, 'settled');
}

function checkReceipt(verdict: EffectVerdict, receipt: string | undefined): void {
  if ((verdict === 'happened') === (receipt !== undefined)) return;
  throw new UsageError(
    receipt === undefined
      ? 'an effect that happened has a receipt'
      : `an effect with the verdict ${verdict} has no receipt`,
    '--receipt goes with --verdict happened, and with no other',
  );
}
