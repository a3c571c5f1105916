import { LockstepError } from '@lockstep/contracts';

/** The outside world definitely did not act on the request; it may be sent again. */
export class ShopUnavailable extends Error {
  override readonly name = 'ShopUnavailable';
}

/** The request was malformed and not acted on; sending it again cannot help. */
export class BadShopRequest extends LockstepError {
  readonly code = 'BadShopRequest';
  readonly kind = 'permanent';
}

/** No answer came that says whether the request was acted on: the call is in doubt. */
export class ShopUnreachable extends Error {
  override readonly name = 'ShopUnreachable';
}
