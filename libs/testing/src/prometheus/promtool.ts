import { spawnSync } from 'node:child_process';

/** Whether Prometheus and its tool are on the path. */
export const hasPrometheus = spawnSync('promtool', ['--version']).status === 0;

/** Whether `promtool` finds everything well, and what it says. @param input - its standard input */
export function promtool(
  args: readonly string[],
  { cwd, input }: { readonly cwd?: string; readonly input?: string } = {},
): { readonly isWell: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd, input, encoding: 'utf8' });
  return { isWell: status === 0, said: `${stdout}${stderr}` };
}
