import { describe, expect, it } from '@jest/globals';
import { Bulkheads } from './bulkheads.js';

const BANK = { name: 'bank', share: 0.5 };
const SHOP = { name: 'shop', share: 0.5 };

describe('the bulkheads of a process', () => {
  it('U1: let a target have its share of the places, and leave the others to others', () => {
    const bulkheads = new Bulkheads(5);
    expect(bulkheads.enter(BANK, 'c1')).not.toBeNull();
    expect(bulkheads.enter(BANK, 'c2')).not.toBeNull();
    expect(bulkheads.enter(BANK, 'c3')).toBeNull();
    expect(bulkheads.enter(SHOP, 'c3')).not.toBeNull();
  });

  it('U1: let at least one task in', () => {
    const bulkheads = new Bulkheads(1);
    expect(bulkheads.enter(BANK, 'c1')).not.toBeNull();
    expect(bulkheads.enter(BANK, 'c2')).toBeNull();
  });

  it('U2: count a task once, until the last of its operations has left', () => {
    const bulkheads = new Bulkheads(2);
    const leaves = [bulkheads.enter(BANK, 'c1'), bulkheads.enter(BANK, 'c1')];
    leaves[0]?.();
    expect(bulkheads.enter(BANK, 'c2')).toBeNull();
    leaves[1]?.();
    expect(bulkheads.enter(BANK, 'c2')).not.toBeNull();
  });
});
