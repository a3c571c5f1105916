// Workers show that they live; what a dead one held is taken back; what is due is fired.

import { ATTEMPT_MS, LEASE_MS, W1, W2, type Scene } from '../../support/scene.js';
import type { Call, Moment } from './moment.js';
import { moment, running, timer } from './workflows.js';

const reap: Call = (store) => store.reap(0, 9, []);
const fire: Call = (store) => store.fire(0, 9);

/** W1's lease has ended, that of W2 has not. */
async function outlived(scene: Scene): Promise<Call> {
  await scene.passLease(LEASE_MS - 1000);
  await scene.alive(W2);
  await scene.passLease(1000);
  return reap;
}

export const RECOVERY: readonly Moment[] = [
  moment('heartbeat: renews, and compares what is held', async (scene) => {
    const held = await running(scene);
    return (store) => store.heartbeat(0, W1, 2, LEASE_MS, [held.listed()]);
  }),
  moment('heartbeat: takes back what the worker does not know of', async (scene) => {
    await running(scene);
    return (store) => store.heartbeat(0, W1, 2, LEASE_MS, []);
  }),
  moment('drain: gives a worker an order', async (scene) => {
    await scene.alive(W1);
    const order = { by: 'ann', reason: 'a new machine', atMs: 1 };
    return (store) => store.drain(0, W1, order);
  }),
  moment('heartbeat: the last, of a worker that holds a task', async (scene) => {
    await running(scene);
    return (store) => store.heartbeat(0, W1, 2, 0, []);
  }),
  moment('reap: takes a task back, and removes its worker', async (scene) => {
    await running(scene);
    return outlived(scene);
  }),
  moment('reap: takes two tasks back, one after the other', async (scene) => {
    await running(scene);
    await running(scene);
    return [await outlived(scene), (store) => store.reap(0, 1, [])];
  }),
  moment('reap: parks a task past its crash budget, with a dead letter', async (scene) => {
    const { wf } = await running(scene);
    for (let crash = 1; crash <= 3; crash += 1) {
      await scene.store.reap(0, 9, [W1]);
      await scene.alive(W1);
      await scene.take(W1, 1, wf);
    }
    return (store) => store.reap(0, 9, [W1]);
  }),
  moment('reap: gives up a worker without connections', async (scene) => {
    await running(scene);
    return (store) => store.reap(0, 9, [W1]);
  }),
  moment('fire: wakes a task that slept', async (scene) => {
    const held = await running(scene);
    await held.append([timer(held.task, 500)]);
    await held.suspend({ any: [9] });
    await scene.pass(500);
    return fire;
  }),
  moment('fire: takes the claim from an attempt past its deadline', async (scene) => {
    await running(scene);
    await scene.passLease(ATTEMPT_MS);
    return fire;
  }),
  moment('fire: puts a deadline off that a jump of the wall clock brought near', async (scene) => {
    await running(scene);
    await scene.pass(ATTEMPT_MS);
    return fire;
  }),
  moment('fire: two timers, one after the other', async (scene) => {
    const held = await running(scene);
    await held.append([timer(held.task, 500, 1), timer(held.task, 600, 2)]);
    await scene.pass(600);
    return [fire, (store) => store.fire(0, 1)];
  }),
];
