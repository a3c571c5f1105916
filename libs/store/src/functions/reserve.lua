-- reserve: before an effect is performed, its ledger entry is reserved for one task and claim (E1, E4).
--
-- KEYS   1 ledger entry
-- ARGV   1 wf   2 task   3 claim   4 epoch   5 digest of the input   6 order: counts the calls of this claim's process
--        7 when the task was scheduled, unit ms
-- REPLY  {'reserved', occurrence}              free, or already this very claim's
--        {'taken-over', occurrence}            an older claim of this task had it: what it did is in doubt
--        {'committed', occurrence, receipt, wf, task}
--        {'held', wf, task}                    another task has it, or it is being undone
--        {'conflict', wf, task}                the same key with another input
--        {'fenced'}                            a newer claim of this task has it, or a later call of this one, or the
--                                              task's effect was undone: its workflow has ended

-- Once its tombstone is gone, the id of a workflow may be used again: what is known of the claims of its first life says
-- nothing about those of its second. What an earlier release wrote or sent does not tell them apart.
local function is_same_life(known, asked) return known == '' or asked == '' or known == asked end

local function reserve(keys, args)
  local entry, wf, task, claim, epoch, digest, order = keys[1], args[1], args[2], args[3], tonumber(args[4]), args[5], tonumber(args[6])
  local scheduled_at = args[7] or ''
  local got = redis.call('HMGET', entry, 'state', 'occurrence', 'wf', 'task', 'claim', 'epoch', 'input', 'receipt', 'order', 'doubt', 'scheduledAt')
  local state, occurrence, doubt = got[1], tonumber(got[2] or 1), 0
  local mine, same_claim = got[3] == wf and got[4] == task, got[5] == claim
  local same_life = mine and is_same_life(got[11] or '', scheduled_at)

  if (state == 'reserved' or state == 'committed') and got[7] ~= digest then return { 'conflict', got[3], got[4] } end
  if state == 'committed' then return { 'committed', occurrence, got[8], got[3], got[4] } end
  if state == 'reserved' and not mine or state == 'compensating' then return { 'held', got[3], got[4] } end
  -- What is undone was of a workflow that has ended: whoever asks for that task is left over from before, or its call is.
  if state == 'compensated' and same_life then return { 'fenced' } end
  if state == 'compensated' then occurrence = occurrence + 1 end
  -- A receipt that came without a reservation (E4) has neither epoch nor order.
  if same_life and tonumber(got[6] or 0) > epoch then return { 'fenced' } end
  if same_life and same_claim and tonumber(got[9] or 0) > order then return { 'fenced' } end

  -- Whoever takes over is told so each time it asks, until it has shown that nothing happened.
  if state == 'reserved' then doubt = same_claim and tonumber(got[10]) or 1 end
  redis.call('HSET', entry, 'state', 'reserved', 'occurrence', occurrence, 'wf', wf, 'task', task,
    'claim', claim, 'epoch', epoch, 'input', digest, 'order', order, 'doubt', doubt, 'scheduledAt', scheduled_at)
  keep(entry)
  return { doubt == 1 and 'taken-over' or 'reserved', occurrence }
end
