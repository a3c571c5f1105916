import { createBirpc } from 'birpc';

/** Answers the process that started this one, and ends with it. */
export function answer(functions: object): void {
  const channel = {
    post: (message: unknown) => process.send?.(message),
    on: (listener: (message: unknown) => void) => process.on('message', listener),
  };
  createBirpc(functions, channel);
  process.once('disconnect', () => {
    process.exit();
  });
}

/** CPU time that this process has used, unit s. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
