// The shop's records, in the shape and with the field names of the data files.

export interface Address {
  address1: string;
  address2: string;
  city: string;
  state: string;
  country: string;
  zip: string;
}

export interface GiftCard {
  id: string;
  source: 'gift_card';
  /** Money left on the card, two decimals. */
  balance: number;
}

export interface CreditCard {
  id: string;
  source: 'credit_card';
  brand: string;
  last_four: string;
}

export interface PayPalAccount {
  id: string;
  source: 'paypal';
}

export type PaymentMethod = GiftCard | CreditCard | PayPalAccount;

/** A customer. The record does not hold its own id. */
export interface User {
  name: { first_name: string; last_name: string };
  address: Address;
  email: string;
  payment_methods: Record<string, PaymentMethod>;
  /** Ids of the user's orders. */
  orders: string[];
}

export interface OrderItem {
  name: string;
  product_id: string;
  item_id: string;
  /** Price at purchase. */
  price: number;
  options: Record<string, string>;
}

/** One movement of money. `amount` is never negative and may carry the noise of its calculation. */
export interface PaymentEntry {
  transaction_type: 'payment' | 'refund';
  amount: number;
  payment_method_id: string;
}

export type OrderStatus =
  | 'pending'
  | 'processed'
  | 'delivered'
  | 'cancelled'
  | 'pending (item modified)'
  | 'return requested'
  | 'exchange requested';

export interface Order {
  order_id: string;
  user_id: string;
  address: Address;
  /** The same `item_id` may stand here twice. */
  items: OrderItem[];
  fulfillments: { tracking_id: string[]; item_ids: string[] }[];
  status: OrderStatus;
  payment_history: PaymentEntry[];
  cancel_reason?: string;
  return_items?: string[];
  return_payment_method_id?: string;
  exchange_items?: string[];
  exchange_new_items?: string[];
  exchange_payment_method_id?: string;
  /** May be negative. */
  exchange_price_difference?: number;
}

export interface Variant {
  item_id: string;
  options: Record<string, string>;
  available: boolean;
  /** Price today. */
  price: number;
}

export interface Product {
  product_id: string;
  name: string;
  variants: Record<string, Variant>;
}

/** The tables of a retail database, each a map from id to record. */
export interface Tables {
  users: User;
  orders: Order;
  products: Product;
}

export type TableName = keyof Tables;

export const TABLES = ['orders', 'products', 'users'] as const satisfies readonly TableName[];

/** A whole database, as its three data files hold it. */
export type RetailDatabase = { [T in TableName]: Record<string, Tables[T]> };

/** A record that differs from the initial database, and what it is now. */
export type ChangedRecord = {
  [T in TableName]: { table: T; id: string; after: Tables[T] };
}[TableName];
