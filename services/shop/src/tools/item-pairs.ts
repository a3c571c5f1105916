import type { Order, OrderItem, Product, Variant } from '@lockstep/retail/shop';
import { refuseUnless, type RetailView } from './view.js';

/** Items of an order, and the item that shall stand in the place of each. */
export interface ItemPairs {
  item_ids: string[];
  new_item_ids: string[];
}

/** The first item that is asked for more often than the order holds it. */
export function missingItem(order: Order, itemIds: string[]): string | undefined {
  const ordered = order.items.map((item) => item.item_id);
  return itemIds.find((id) => countOf(id, itemIds) > countOf(id, ordered));
}

function countOf(id: string, ids: string[]): number {
  return ids.filter((other) => other === id).length;
}

/** @throws Refusal unless the order holds the old items and every one has a new one */
export function mustMatch(order: Order, { item_ids, new_item_ids }: ItemPairs): void {
  const missing = missingItem(order, item_ids);
  refuseUnless(missing === undefined, `${missing ?? ''} not found`);
  refuseUnless(
    item_ids.length === new_item_ids.length,
    'the number of items to be exchanged should match',
  );
}

/**
 * What the new items cost more than the old ones, not rounded: the sum is taken
 * pair by pair, because another order changes its last bit.
 *
 * @throws Refusal when a new item is no variant of the same product, or not available
 */
export function priceDifference(view: RetailView, order: Order, pairs: ItemPairs): number {
  return pairs.item_ids.reduce((difference, oldId, position) => {
    const item = firstItem(order.items, oldId);
    const variant = availableVariant(view, item, pairs.new_item_ids[position] ?? '');
    return difference + (variant.price - item.price);
  }, 0);
}

/** The order's items after all pairs. An earlier pair may change what a later one finds. */
export function replacedItems(view: RetailView, order: Order, pairs: ItemPairs): OrderItem[] {
  const items = [...order.items];
  pairs.item_ids.forEach((oldId, position) => {
    const item = firstItem(items, oldId);
    const variant = availableVariant(view, item, pairs.new_item_ids[position] ?? '');
    const { item_id, price, options } = variant;
    items[items.indexOf(item)] = { ...item, item_id, price, options };
  });
  return items;
}

function firstItem(items: OrderItem[], itemId: string): OrderItem {
  const item = items.find((candidate) => candidate.item_id === itemId);
  if (!item) throw new Error(`item ${itemId} is not in the order`);
  return item;
}

function availableVariant(view: RetailView, item: OrderItem, newId: string): Variant {
  const variant = variantOf(view.find('products', item.product_id), newId);
  refuseUnless(variant?.available, `new item ${newId} not found or available`);
  return variant;
}

function variantOf(product: Product | undefined, itemId: string): Variant | undefined {
  if (!product || !Object.hasOwn(product.variants, itemId)) return undefined;
  return product.variants[itemId];
}
