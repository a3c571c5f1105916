import { expect, it } from '@jest/globals';
import { digestOf } from './canonical.js';
import { DatabaseDigest } from './database-digest.js';
import type { ChangedRecord, Product, RetailDatabase } from './records.js';

const product = (product_id: string, name: string): Product => ({ product_id, name, variants: {} });

const initial: RetailDatabase = {
  users: {},
  orders: {},
  products: { b: product('b', 'Lamp'), '10': product('10', 'Tent'), '9': product('9', 'Chess') },
};

const digests = new DatabaseDigest(initial);
const renamed: ChangedRecord = { table: 'products', id: '9', after: product('9', 'Draughts') };

it('digests the initial database as one object', () => {
  expect(digests.digest()).toBe(digestOf(initial));
});

it('digests changed records in the place of the initial ones', () => {
  const products = { ...initial.products, '9': renamed.after };
  expect(digests.digest([renamed])).toBe(digestOf({ ...initial, products }));
  expect(digests.digest()).toBe(digestOf(initial));
});

it('knows whether a record is as it was at first', () => {
  expect(digests.isInitial(renamed)).toBe(false);
  expect(digests.isInitial({ ...renamed, after: product('9', 'Chess') })).toBe(true);
});

it('refuses a record that the initial database does not have', () => {
  const added: ChangedRecord = { table: 'products', id: 'new', after: product('new', 'Kite') };
  expect(() => digests.digest([added])).toThrow('products has no initial record new');
});
