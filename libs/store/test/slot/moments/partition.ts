// For each function that works in a partition, moments at which it has something to do.

import { APPENDS } from './appends.js';
import { COMMANDS } from './commands.js';
import { CLAIMS, STARTS } from './dispatch.js';
import { INBOXES } from './inboxes.js';
import type { Moment } from './moment.js';
import { PROJECTION } from './projection.js';
import { RECOVERY } from './recovery.js';
import { RETIREMENT } from './retirement.js';

export const OF_PARTITION: readonly Moment[] = [
  STARTS,
  CLAIMS,
  APPENDS,
  COMMANDS,
  RECOVERY,
  INBOXES,
  PROJECTION,
  RETIREMENT,
].flat();
