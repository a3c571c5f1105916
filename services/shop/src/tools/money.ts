import type { PaymentMethod, User } from '@lockstep/retail/shop';
import { refuseUnless } from './view.js';

/**
 * The decimal with two places nearest to the exact binary value;
 * `Math.round(x * 100) / 100` is not the same function.
 */
export function round2(amount: number): number {
  return Number(amount.toFixed(2));
}

/** @throws Refusal when the user has no such method */
export function methodOf(user: User, methodId: string): PaymentMethod {
  const method = Object.hasOwn(user.payment_methods, methodId)
    ? user.payment_methods[methodId]
    : undefined;
  refuseUnless(method, 'payment method not found');
  return method;
}

/** @throws Refusal with the text when a gift card holds less than the amount; others always can */
export function mustAfford(method: PaymentMethod, amount: number, text: string): void {
  refuseUnless(method.source !== 'gift_card' || method.balance >= amount, text);
}

/** Whether money moves on the user's account with the shop itself. */
export function isGiftCard(methodId: string): boolean {
  return methodId.includes('gift_card');
}

/** The user after the amount (negative: a charge) came onto one of their gift cards. */
export function credited(user: User, methodId: string, amount: number): User {
  const card = user.payment_methods[methodId];
  if (card?.source !== 'gift_card') throw new Error(`${methodId} is not a gift card of the user`);
  const after = { ...card, balance: round2(card.balance + amount) };
  return { ...user, payment_methods: { ...user.payment_methods, [methodId]: after } };
}
