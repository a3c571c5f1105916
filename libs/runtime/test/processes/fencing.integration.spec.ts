import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Proxy, type ServiceProcess } from '@lockstep/testing';
import { isBy, Stage, type Env } from './stage.js';
import { walk } from './team/contracts.js';

let stage: Stage;
let proxy: Proxy;

beforeAll(async () => {
  stage = await Stage.set();
  proxy = await Proxy.to(stage.server.port);
  await stage.supervisor();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

/** A process whose way to Redis can be broken. */
const throughProxy = (env: Env = {}): Promise<ServiceProcess> =>
  stage.lead({ LOCKSTEP_REDIS_URL: `redis://127.0.0.1:${proxy.port}`, ...env });

describe('a worker that lives and is taken for dead', () => {
  it('G2: frozen past its lease, is refused when it wakes, and goes on to useful work', async () => {
    const zombie = await throughProxy({ LOCKSTEP_LEASE_MS: '2500', LOCKSTEP_HEARTBEAT_MS: '200' });
    const inside = stage.world.hold('steps/frozen/second');
    const wf = await stage.begin(walk, 'frozen');
    await inside.reached();
    const appending = proxy.holdRequests('StepCompleted');
    inside.open();
    await appending.sprung();
    zombie.signal('SIGSTOP');
    const other = await stage.lead();
    await stage.completed(wf);
    const events = await stage.events(wf);

    const refused = proxy.watchAnswers('fenced');
    proxy.letGo();
    await refused.sprung();
    zombie.signal('SIGCONT');
    const letsGo = async (): Promise<boolean> => (await zombie.metric('lockstep_tasks_held')) === 0;
    await stage.until('the zombie lets go', letsGo);
    expect(await stage.events(wf)).toEqual(events);
    expect(stage.world.timesDone('frozen/second')).toBe(2);
    expect(await stage.eventsOf(wf, 'LeaseExpired')).toMatchObject([{ meta: { reason: 'lease' } }]);

    await other.stop();
    const next = await stage.begin(walk, 'next');
    expect(await stage.completed(next)).toEqual(['first', 'second', 'third']);
    const [started] = await stage.eventsOf(next, 'TaskStarted');
    expect(isBy(zombie, started!)).toBe(true);
    await zombie.kill();
  });

  it('G2: cut off for a moment, loses its claim unharmed, and counts the wrong guess', async () => {
    const agent = await throughProxy();
    const inside = stage.world.hold('steps/cut/second');
    const wf = await stage.begin(walk, 'cut');
    await inside.reached();
    await stage.watched(agent);
    proxy.cut();
    await stage.happens(wf, 'LeaseExpired');
    proxy.mend();
    const guesses = (): Promise<number> => agent.metric('lockstep_wrong_guess_total');
    await stage.until('the wrong guess is counted', async () => (await guesses()) > 0, [wf]);
    inside.open();
    expect(await stage.completed(wf)).toEqual(['first', 'second', 'third']);
    expect(stage.world.timesDone('cut/first')).toBe(1);
    const expired = await stage.eventsOf(wf, 'LeaseExpired');
    expect(expired).toMatchObject([{ meta: { reason: 'connections' } }]);
    expect(await stage.eventsOf(wf, 'StepCompleted')).toHaveLength(3);
    expect(await guesses()).toBe(1);
  });
});
