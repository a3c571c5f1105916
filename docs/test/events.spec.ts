import { describe, expect, it } from '@jest/globals';
import { namedRows, read } from './project.js';

describe('the reference of events', () => {
  it('has every type of event, and no other', () => {
    const text = read('libs/kernel/src/events/event.ts');
    const [, meta = ''] = /^export interface EventMeta \{$(.*?)^\}$/ms.exec(text) ?? [];
    const types = [...meta.matchAll(/^ {2}([A-Z]\w+):/gm)].map(([, type]) => type);
    const documented = namedRows('docs/reference/events.md').map(([type]) => type);
    expect(documented.sort()).toEqual(types.sort());
  });
});
