import type { Order, UndoArguments, UndoName } from '@lockstep/retail/shop';
import type { Run } from '../tools/view.js';
import { putBackItems } from './put-back-items.js';
import { reinstateOrder } from './reinstate-order.js';
import { undoPaymentChange } from './undo-payment-change.js';
import { withdrawExchange, withdrawReturn } from './withdraw.js';

/** The administrative undos. Each brings the database's digest back exactly. */
export const UNDOS: { [U in UndoName]: Run<UndoArguments<U>, Order> } = {
  withdraw_return: withdrawReturn,
  withdraw_exchange: withdrawExchange,
  undo_payment_change: undoPaymentChange,
  put_back_items: putBackItems,
  reinstate_order: reinstateOrder,
};
