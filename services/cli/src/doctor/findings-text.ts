import type { Colour } from '../output/colour.js';
import type { Output } from '../output/output.js';
import type { Finding, Severity } from './finding.js';

const COLOURS: Readonly<Record<Severity, Colour | undefined>> = {
  ok: 'green',
  note: 'cyan',
  warning: 'yellow',
  error: 'red',
};

/** At a terminal with what it means and what to do below; in a pipe a line a finding. */
export function findingsText(findings: readonly Finding[], out: Output): void {
  if (!out.isTerminal) {
    out.table(findings, COLUMNS, '');
    return;
  }
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const indent = ' '.repeat('warning'.length + width + 4);
  for (const { subject, severity, found, means, advice } of findings) {
    const word = out.paint(COLOURS[severity], severity.padEnd('warning'.length));
    out.line(`${word}  ${subject.padEnd(width)}  ${found}`);
    if (means !== undefined) out.line(`${indent}${out.dim(means)}`);
    if (advice !== undefined) out.line(`${indent}→ ${advice}`);
  }
}

const COLUMNS = [
  { name: 'SEVERITY', text: ({ severity }: Finding) => severity },
  { name: 'SUBJECT', text: ({ subject }: Finding) => subject },
  { name: 'FOUND', text: ({ found }: Finding) => found },
  { name: 'MEANS', text: ({ means }: Finding) => means ?? '' },
  { name: 'ADVICE', text: ({ advice }: Finding) => advice ?? '' },
];
