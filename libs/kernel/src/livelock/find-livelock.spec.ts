import { describe, expect, it } from '@jest/globals';
import type { EventMeta, EventType, RecordedEvent, TaskId } from '../events/event.js';
import { findLivelock, type Livelock } from './find-livelock.js';

const MAX_HOPS = 256;

/** A log in which each task asks for the next one: `role.task body`. */
class Way {
  readonly events: RecordedEvent[] = [];
  private last = '';

  ask(...asked: string[]): this {
    for (const text of asked) {
      const { role, name, data } = parsed(text);
      const task = this.last === '' ? 'r' : `${this.last}.1`;
      const by = this.last === '' ? null : { task: this.last as TaskId, op: 1 };
      this.add('TaskScheduled', task, { role, major: 1, name, version: 1, by, returnTo: by }, data);
      this.last = task;
    }
    return this;
  }

  add<T extends EventType>(type: T, task: string, meta: EventMeta[T], data = ''): this {
    const version = this.events.length + 1;
    const event = { type, task: task as TaskId, op: 1, meta, data, version, epoch: 1, atMs: 0 };
    this.events.push(event as unknown as RecordedEvent);
    return this;
  }

  /** What comes of the last one asking for this. */
  asks(text: string, maxHops = MAX_HOPS): Livelock | null {
    return findLivelock(this.events, this.last as TaskId, parsed(text), maxHops);
  }
}

function parsed(text: string): { readonly role: string; readonly name: string; data: string } {
  const [, role = '', name = '', data = ''] = /^(\w+)\.(\w+) ?(.*)$/.exec(text) ?? [];
  return { role, name, data };
}

const committed = { action: 'pay', key: 'k', occurrence: 1, by: 'attempt' } as const;
const reopened = { keepUpTo: 1, by: 'ann' };

describe('work that goes round', () => {
  it('is a livelock when the same is asked for the third time, and the circle is shown', () => {
    const way = new Way().ask(
      'front.open 0',
      'sales.ask 1',
      'desk.look 2',
      'sales.ask 1',
      'desk.look 2',
    );
    const found = way.asks('sales.ask 1');
    expect(found).toMatchObject({ why: 'circle', hops: 5 });
    expect(found?.way.map(({ task, role, name }) => `${task} ${role}.${name}`)).toEqual([
      'r.1 sales.ask',
      'r.1.1 desk.look',
      'r.1.1.1 sales.ask',
      'r.1.1.1.1 desk.look',
    ]);
  });

  it.each(['sales.ask 2', 'sales.tell 1', 'desk.ask 1'])(
    'is none when the third asks for %s',
    (third) => {
      expect(new Way().ask('sales.ask 1', 'sales.ask 1').asks(third)).toBeNull();
    },
  );

  it('is none when the same is asked for the second time', () => {
    expect(new Way().ask('sales.ask 1', 'desk.look 2').asks('sales.ask 1')).toBeNull();
  });

  it('counts those that asked for it, and not what they asked for besides', () => {
    const way = new Way().ask('sales.ask 1');
    for (const op of [1, 2, 3]) {
      const by = { task: 'r' as TaskId, op };
      const meta = { role: 'desk', major: 1, name: 'look', version: 1, by, returnTo: by };
      way.add('TaskScheduled', `r.${op}`, meta, '2');
    }
    expect(way.asks('desk.look 2')).toBeNull();
  });

  it.each<[string, (way: Way) => Way]>([
    ['an effect', (way) => way.add('EffectCommitted', 'r.1', committed)],
    ['an effect of a task beside the way', (way) => way.add('EffectCommitted', 'r.1.7', committed)],
    ['a change of shared state', (way) => way.add('StateChanged', 'r.1', { fields: ['f'] })],
    ['a signal', (way) => way.add('SignalTaken', 'r.1', { name: 's', signal: 1, version: 1 })],
    ['time that was waited for', (way) => way.add('TimerFired', 'r.1', {})],
    ["a person's decision", (way) => way.add('TaskReopened', 'r.1', reopened)],
  ])('is none when there was %s in between', (_, progress) => {
    const way = progress(new Way().ask('sales.ask 1', 'sales.ask 1'));
    expect(way.asks('sales.ask 1')).toBeNull();
    expect(way.ask('sales.ask 1', 'sales.ask 1').asks('sales.ask 1')).toMatchObject({
      why: 'circle',
    });
  });

  it.each<[string, (way: Way) => Way]>([
    ['the result of a step', (way) => way.add('StepCompleted', 'r.1', { name: 's', attempt: 1 })],
    ['an effect of another branch', (way) => way.add('EffectCommitted', 'q', committed)],
  ])('is one in spite of %s', (_, other) => {
    expect(other(new Way().ask('sales.ask 1', 'sales.ask 1')).asks('sales.ask 1')).not.toBeNull();
  });
});

describe('a way that is too long', () => {
  const long = (hops: number) =>
    new Way().ask(...Array.from({ length: hops }, (_, at) => `sales.ask ${at}`));

  it('is a livelock, whatever it asks, and its end is shown', () => {
    expect(long(20).asks('sales.ask new', 20)).toBeNull();
    const found = long(21).asks('sales.ask new', 20);
    expect(found).toMatchObject({ why: 'hops', hops: 21 });
    expect(found?.way).toHaveLength(16);
    expect(found?.way.at(-1)?.data).toBe('20');
  });

  it('is counted anew from the task that a person sent again', () => {
    const way = long(21).add('TaskReopened', `r${'.1'.repeat(20)}`, reopened);
    expect(way.asks('sales.ask new', 20)).toBeNull();
    expect(way.ask('sales.ask a', 'sales.ask b').asks('sales.ask c', 2)).toMatchObject({ hops: 3 });
  });
});
