import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One run of the demonstration, and where everything of it lies. */
export interface Run {
  /** In every job's key and every database's name, so that a second run is a new one. */
  readonly id: string;
  readonly folder: string;
  /** Of the processes' logs. */
  readonly logs: string;
}

const KEPT = 5;
const PID = 'pid';

/** Makes the folder of a new run, and removes those of old ones but the last few. */
export async function openRun(parent: string): Promise<Run> {
  const id = `${timestamp(new Date())}-${randomBytes(2).toString('hex')}`;
  const folder = join(parent, id);
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true });
  await writeFile(join(folder, PID), String(process.pid));
  await prune(parent);
  return { id, folder, logs };
}

/** As in `20260131-235959`: sorts by time. */
function timestamp(date: Date): string {
  return date
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '-');
}

async function prune(parent: string): Promise<void> {
  const runs = (await readdir(parent)).sort();
  for (const name of runs.slice(0, -KEPT)) {
    const folder = join(parent, name);
    if (!(await isUsed(folder))) await rm(folder, { recursive: true, force: true });
  }
}

async function isUsed(folder: string): Promise<boolean> {
  const pid = Number(await readFile(join(folder, PID), 'utf8').catch(() => ''));
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
