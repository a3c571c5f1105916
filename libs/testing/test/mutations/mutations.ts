import type { Mutation } from './mutation.js';
import { OF_EFFECTS } from './of-effects.js';
import { OF_ROLLBACK } from './of-rollback.js';
import { OF_STORE } from './of-store.js';

/** By rule: those of rollbacks, then S1 to S12 and E1 to E5. */
export const MUTATIONS: readonly Mutation[] = [...OF_ROLLBACK, ...OF_STORE, ...OF_EFFECTS];

/** Rules that cannot be broken, since they are not built. */
export const NOT_BUILT: Readonly<Record<string, string>> = {
  E6: 'a reservation is not waited for on replicas',
};
