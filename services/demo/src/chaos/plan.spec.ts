import { describe, expect, it } from '@jest/globals';
import { type Aim, jobsAdmitted, planChaos } from './plan.js';

const victims = {
  roles: ['concierge', 'orders', 'payments', 'profile', 'catalog', 'notifier'],
  withEffects: ['orders', 'payments', 'profile', 'notifier'],
  others: ['supervisor', 'projector'],
};
const heavy = (jobs: number, seed = 7) => planChaos('heavy', jobs, victims, seed).kills;
const countOf = (services: readonly string[], service: string) =>
  services.filter((one) => one === service).length;

describe('heavy chaos', () => {
  it.each([6, 32, 576])('kills at least once for every five of %d jobs', (jobs) => {
    expect(heavy(jobs).length).toBeGreaterThanOrEqual(jobs / 5);
  });

  it.each([6, 576])('kills every service five times, whatever the number of jobs (%d)', (jobs) => {
    const services = heavy(jobs).map(({ service }) => service);
    for (const service of [...victims.roles, ...victims.others]) {
      expect(countOf(services, service)).toBeGreaterThanOrEqual(5);
    }
  });

  it.each([1, 2, 3])('aims more than half of the kills at held work, by seed %d', (seed) => {
    const aims = heavy(576, seed).map(({ aim }) => aim);
    expect(aims.filter((aim) => aim !== 'anytime').length).toBeGreaterThan(aims.length / 2);
  });

  it('aims at nothing that holds no task', () => {
    const others = heavy(576).filter(({ service }) => victims.others.includes(service));
    expect(new Set(others.map(({ aim }) => aim))).toEqual(new Set(['anytime']));
  });

  it('aims at open effects, but only of roles that have some', () => {
    const atEffects = heavy(576).filter(({ aim }) => aim === ('effect' satisfies Aim));
    expect(atEffects.map(({ service }) => service)).toContain('payments');
    expect(victims.withEffects).toEqual(
      expect.arrayContaining(atEffects.map(({ service }) => service)),
    );
  });

  it('lets one call in ten meet a fault', () => {
    expect(planChaos('heavy', 576, victims, 1).faultRate).toBe(0.1);
  });
});

describe('every plan', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(heavy(100, 1)).toEqual(heavy(100, 1));
    expect(heavy(100, 1)).not.toEqual(heavy(100, 2));
  });

  it('spreads its kills over the jobs', () => {
    const moments = heavy(576).map(({ afterJobs }) => afterJobs);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments[0]).toBeGreaterThan(0);
    expect(moments.at(-1)).toBeLessThanOrEqual(576);
  });

  it('kills nothing when chaos is off', () => {
    expect(planChaos('off', 576, victims, 1)).toEqual({ kills: [], faultRate: 0 });
  });
});

describe('starting jobs', () => {
  const plan = planChaos('light', 32, victims, 1);

  const [first, second] = plan.kills;

  it('waits for the next kill that is due', () => {
    expect(jobsAdmitted(plan, new Set(), 3)).toBe(first!.afterJobs + 3);
    expect(jobsAdmitted(plan, new Set([first!]), 3)).toBe(second!.afterJobs + 3);
  });

  it('waits for an earlier kill although a later one was struck', () => {
    expect(jobsAdmitted(plan, new Set([second!]), 3)).toBe(first!.afterJobs + 3);
  });

  it('goes on without limit after the last kill', () => {
    expect(jobsAdmitted(plan, new Set(plan.kills), 3)).toBe(Infinity);
  });
});
