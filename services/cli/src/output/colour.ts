import type { styleText } from 'node:util';

/** As Node names it. */
export type Colour = Parameters<typeof styleText>[0];
