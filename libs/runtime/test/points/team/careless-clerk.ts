// A clerk who breaks a rule on purpose: books without an effect, hence without a reservation and a probe.

import { runClerk } from './clerk-role.js';

await runClerk(async (bank, entry, task) => {
  await task.step('book', ({ signal }) => bank.book(entry, { signal }));
});
