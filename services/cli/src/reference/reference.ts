// The reference of the command line, written from the program itself.

import type { Command, Option } from 'commander';
import { EXIT_MEANINGS } from '../exit/exit-codes.js';

/** What stands above this line in the document is written by hand. */
export const GENERATED = '<!-- From here on written by: npm run reference -w services/cli -->';

/** Exit codes and commands, as Markdown. */
export function referenceOf(program: Command): string {
  const commands = leavesOf(program).map(section);
  return [
    GENERATED,
    '## Exit codes',
    exitCodes(),
    '## Connection',
    connection(program),
    ...commands,
  ]
    .map((part) => `${part}\n`)
    .join('\n');
}

function exitCodes(): string {
  const rows = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => row([code, meaning]));
  return table(['Code', 'Means'], rows);
}

/** Options that every command has that asks the gateway; told once. */
function connection(program: Command): string {
  const asking = leavesOf(program).find((command) => command.options.some(isShared));
  const rows = (asking?.options ?? []).filter(isShared).map(optionRow);
  return `Of every command that asks the gateway.\n\n${table(['Option', 'Means'], rows)}`;
}

const isShared = ({ helpGroupHeading }: Option): boolean => helpGroupHeading !== undefined;

/** Commands that do something, in the order of the help; without the help's own. */
function leavesOf(command: Command): Command[] {
  const visible = command.createHelp().visibleCommands(command);
  const named = visible.filter((each) => each.name() !== 'help');
  return named.length === 0 ? [command] : named.flatMap(leavesOf);
}

function section(command: Command): string {
  const options = command.options.filter((option) => !isShared(option) && !option.hidden);
  const args = command.registeredArguments.filter(({ description }) => description !== '');
  const rows = [
    ...args.map((each) => row([`\`<${each.name()}>\``, each.description])),
    ...options.map(optionRow),
  ];
  const title = `### ${pathOf(command)}`;
  const usage = `\`\`\`\n${pathOf(command)} ${command.usage()}\n\`\`\``;
  const told = rows.length === 0 ? [] : [table(['', 'Means'], rows)];
  return [title, `${command.description()}.`, usage, ...told].join('\n\n');
}

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

function optionRow(option: Option): string {
  const { flags, description, argChoices, envVar, mandatory } = option;
  const defaultValue: unknown = option.defaultValue;
  const facts = [
    argChoices && `one of ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`,
    mandatory && 'must be given',
    envVar !== undefined && `also by \`${envVar}\``,
    defaultValue !== undefined && `default \`${textOf(defaultValue)}\``,
  ].filter((fact) => typeof fact === 'string');
  return row([`\`${flags}\``, [description, ...facts].join('; ')]);
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const table = (names: readonly string[], rows: readonly string[]): string =>
  [row(names), row(names.map(() => '---')), ...rows].join('\n');
