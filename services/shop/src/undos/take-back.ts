import type { PaymentEntry, User } from '@lockstep/retail/shop';
import { credited, isGiftCard, methodOf, mustAfford, round2 } from '../tools/money.js';

/**
 * The user without the effect of a payment entry on their gift card. Only gift
 * cards moved when the entry was written; other methods only lose the entry.
 *
 * @throws Refusal when the card was credited and has been spent since
 */
export function takenBack(user: User, entry: PaymentEntry): User {
  const { transaction_type, amount, payment_method_id } = entry;
  if (!isGiftCard(payment_method_id)) return user;
  if (transaction_type === 'payment') return credited(user, payment_method_id, amount);

  // The card was credited with the rounded amount, which may be less than the entry's.
  const card = methodOf(user, payment_method_id);
  mustAfford(card, round2(amount), 'insufficient gift card balance to take the refund back');
  return credited(user, payment_method_id, -amount);
}
