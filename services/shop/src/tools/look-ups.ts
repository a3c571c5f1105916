import type {
  FindUserIdByEmail,
  FindUserIdByNameZip,
  OrderArguments,
  ProductArguments,
  User,
  UserArguments,
} from '@lockstep/retail/shop';
import { existingOrder } from './orders.js';
import { refuseUnless, type RetailView, unchanged } from './view.js';

export const findUserIdByEmail = (view: RetailView, { email }: FindUserIdByEmail) =>
  unchanged(idOfUser(view, (user) => sameText(user.email, email)));

export const findUserIdByNameZip = (view: RetailView, args: FindUserIdByNameZip) =>
  unchanged(
    idOfUser(
      view,
      ({ name, address }) =>
        sameText(name.first_name, args.first_name) &&
        sameText(name.last_name, args.last_name) &&
        address.zip === args.zip,
    ),
  );

export function getUserDetails(view: RetailView, { user_id }: UserArguments) {
  const user = view.find('users', user_id);
  refuseUnless(user, 'user not found');
  return unchanged(user);
}

export const getOrderDetails = (view: RetailView, { order_id }: OrderArguments) =>
  unchanged(existingOrder(view, order_id));

export function getProductDetails(view: RetailView, { product_id }: ProductArguments) {
  const product = view.find('products', product_id);
  refuseUnless(product, 'product not found');
  return unchanged(product);
}

/** Product name to product id. */
export function listAllProductTypes(view: RetailView) {
  const products = [...view.all('products')];
  return unchanged(Object.fromEntries(products.map(([id, { name }]) => [name, id])));
}

function idOfUser(view: RetailView, fits: (user: User) => boolean): string {
  for (const [id, user] of view.all('users')) {
    if (fits(user)) return id;
  }
  refuseUnless(false, 'user not found');
}

function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
