import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

/** Tells the person at the terminal what is being done. */
export const say = (line) => console.error(`lockstep: ${line}`);

/** Runs a command to its end, its output shown. @throws Error when it ends with another status than 0 */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}`);
}

/** @returns what the command printed, or undefined when it is not there or failed */
export function ask(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}

/**
 * Runs a command in the foreground and passes on signals sent to this process.
 *
 * A terminal sends Ctrl-C to the child as well, so that it is passed on only without one.
 *
 * @returns the exit status, as a shell would state it
 */
export async function foreground(command, args, env) {
  const child = spawn(command, args, { stdio: 'inherit', env });
  const passOn = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
