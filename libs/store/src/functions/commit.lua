-- commit: the effect happened; its receipt is kept. From any claim of the task that reserved it (E4).
--
-- KEYS   1 ledger entry
-- ARGV   1 wf   2 task   3 digest of the input   4 receipt   5 how long it is kept, unit ms; 0: for ever
-- REPLY  {'ok', occurrence} | {'duplicate', occurrence} the same receipt is there already
--        | {'different', occurrence, receipt} another receipt was first: it counts, and this one is an alarm
--        | {'conflict', wf, task} another task has the entry: done twice, an alarm
--
-- FLAGS  allow-oom

local HAPPENED = { committed = true, compensating = true, compensated = true }

local function commit(keys, args)
  local entry, wf, task, digest, receipt = keys[1], args[1], args[2], args[3], args[4]
  local got = redis.call('HMGET', entry, 'state', 'occurrence', 'wf', 'task', 'receipt')
  local state, occurrence = got[1], tonumber(got[2] or 1)
  local mine = got[3] == wf and got[4] == task

  if state and state ~= 'released' and not mine then return { 'conflict', got[3], got[4] } end
  if HAPPENED[state] and got[5] == receipt then return { 'duplicate', occurrence } end
  if HAPPENED[state] then return { 'different', occurrence, got[5] } end

  redis.call('HSET', entry, 'state', 'committed', 'occurrence', occurrence, 'wf', wf, 'task', task,
    'input', digest, 'receipt', receipt)
  let_expire(entry, occurrence, tonumber(args[5]))
  return { 'ok', occurrence }
end
