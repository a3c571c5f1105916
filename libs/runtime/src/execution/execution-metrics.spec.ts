import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@lockstep/host';
import type { EventMeta, EventType, TaskId } from '@lockstep/kernel';
import type { Append } from '@lockstep/store';
import { executionMetrics } from './execution-metrics.js';

type Counted = Pick<Append, 'items' | 'release' | 'dead'>;

const appendOf = <T extends EventType>(type: T, meta: Partial<EventMeta[T]>): Counted => ({
  items: [{ event: { type, task: 'r' as TaskId, op: 1, meta: meta as EventMeta[T], data: '' } }],
});

/** The samples above 0 after these appends, all of which the store took. */
async function counted(...appends: readonly Counted[]): Promise<string[]> {
  const metrics = new Metrics();
  const events = executionMetrics(metrics);
  for (const append of appends) events.appended(append, 'ok');
  return samplesOf(metrics);
}

const samplesOf = async (metrics: Metrics): Promise<string[]> =>
  (await metrics.registry.metrics())
    .split('\n')
    .filter((line) => /^lockstep_\w+_total\{.* [1-9]/.test(line));

const TAKEN = 'lockstep_append_total{reply="ok"} 1';

describe('the metrics of executions', () => {
  it.each([
    [appendOf('StepCompleted', {}), ['lockstep_step_total{outcome="completed"} 1']],
    [appendOf('StepFailed', { retryInMs: null }), ['lockstep_step_total{outcome="failed"} 1']],
    [
      appendOf('StepFailed', { retryInMs: 5 }),
      ['lockstep_step_total{outcome="retried"} 1', 'lockstep_retry_total{of="step"} 1'],
    ],
    [appendOf('AttemptFailed', {}), ['lockstep_retry_total{of="task"} 1']],
    [
      appendOf('EffectCommitted', { by: 'attempt' }),
      ['lockstep_effect_total{outcome="committed"} 1'],
    ],
    [
      appendOf('EffectCommitted', { by: 'probe' }),
      ['lockstep_effect_total{outcome="committed-by-probe"} 1'],
    ],
    [
      appendOf('EffectNotPerformed', { retryInMs: null }),
      ['lockstep_effect_total{outcome="not-performed"} 1'],
    ],
    [
      appendOf('EffectNotPerformed', { retryInMs: 5 }),
      ['lockstep_effect_total{outcome="retried"} 1', 'lockstep_retry_total{of="effect"} 1'],
    ],
    [appendOf('EffectAdopted', {}), ['lockstep_effect_total{outcome="adopted"} 1']],
    [appendOf('EffectRejected', {}), ['lockstep_effect_total{outcome="rejected"} 1']],
    [appendOf('EffectInDoubt', {}), ['lockstep_effect_total{outcome="in-doubt"} 1']],
    [appendOf('EffectCompensated', {}), ['lockstep_effect_total{outcome="compensated"} 1']],
  ])('count an event that was recorded %#', async (append, samples) => {
    expect((await counted(append)).sort()).toEqual([TAKEN, ...samples].sort());
  });

  it('count how a task left, and its dead letter', async () => {
    const dead = { role: 'clerk', task: 'r' as TaskId, meta: { reason: 'Uncaught' } };
    const samples = await counted({ items: [], release: { as: 'failed' }, dead });
    expect(samples).toEqual([
      TAKEN,
      'lockstep_task_total{outcome="failed"} 1',
      'lockstep_dead_letter_total{reason="Uncaught"} 1',
    ]);
  });

  it('G2: count no event of an append that the store refused', async () => {
    const metrics = new Metrics();
    executionMetrics(metrics).appended(appendOf('StepCompleted', {}), 'fenced');
    expect(await samplesOf(metrics)).toEqual(['lockstep_append_total{reply="fenced"} 1']);
  });

  it('count an append once whose answer was lost', async () => {
    const metrics = new Metrics();
    executionMetrics(metrics).appended(appendOf('StepCompleted', {}), 'duplicate');
    expect(await samplesOf(metrics)).toContain('lockstep_step_total{outcome="completed"} 1');
  });
});
