// Preloaded into a process: its wall clock is set forth or back by a minute whenever it is told to. The monotonic clock
// and the timers go on, as they do where somebody sets the time of a machine.

const JUMP_MS = 60_000;
const trueNow = Date.now.bind(Date);
let offMs = 0;

process.on('SIGUSR2', () => {
  offMs = offMs === 0 ? JUMP_MS : -offMs;
});

Date.now = () => trueNow() + offMs;

globalThis.Date = new Proxy(Date, {
  construct: (date, given: readonly unknown[], newTarget) =>
    Reflect.construct(date, given.length > 0 ? given : [date.now()], newTarget) as Date,
});

export {};
