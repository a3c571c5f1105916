import { readFile } from 'node:fs/promises';

/** Of Linux, for whoever reads `/proc`. */
const TICKS_A_SECOND = 100;

/** CPU time that a process of this machine has used, unit s; by its kernel, which has to be Linux. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const behindName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = NaN, system = NaN] = behindName.slice(11, 13).map(Number);
  return (user + system) / TICKS_A_SECOND;
}
