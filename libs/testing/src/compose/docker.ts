import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Added to the environment of a command. */
export type Variables = Readonly<Record<string, string>>;

/** Runs `docker` with arguments. @returns its output @throws Error with what it said when it fails */
export async function docker(args: readonly string[], variables: Variables = {}): Promise<string> {
  try {
    const env = { ...process.env, ...variables };
    const { stdout } = await run('docker', [...args], { env, maxBuffer: MOST_OUTPUT_BYTES });
    return stdout;
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new Error(`docker ${args.join(' ')} failed: ${stderr.trim()}`, { cause });
  }
}

/** Why tests in containers cannot run here; undefined when they can. */
export function whyNoEngine(): string | undefined {
  for (const args of [['info'], ['compose', 'version']]) {
    const { status, error, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
    if (status !== 0) return `docker ${args.join(' ')}: ${error?.message ?? stderr.trim()}`;
  }
  return undefined;
}
