-- release: it was shown that the effect did not happen; the key is free again (E2, E3).
--
-- KEYS   1 ledger entry
-- ARGV   1 wf   2 task   3 claim   4 order: counts the calls of this claim's process
--        5 how long it is kept, unit ms; 0: for ever
-- REPLY  {'ok'} | {'duplicate'} it is free already | {'fenced'} another claim, or a later call of this one, has it
--        | {'committed', occurrence, receipt}
--
-- FLAGS  allow-oom

local function release(keys, args)
  local entry, wf, task, claim, order = keys[1], args[1], args[2], args[3], tonumber(args[4])
  local got = redis.call('HMGET', entry, 'state', 'wf', 'task', 'claim', 'occurrence', 'receipt', 'order')

  if not got[1] or got[1] == 'released' then return { 'duplicate' } end
  if got[1] ~= 'reserved' then return { 'committed', tonumber(got[5]), got[6] } end
  if got[2] ~= wf or got[3] ~= task or got[4] ~= claim or tonumber(got[7]) > order then return { 'fenced' } end

  redis.call('HSET', entry, 'state', 'released', 'order', order)
  let_expire(entry, tonumber(got[5]), tonumber(args[5]))
  return { 'ok' }
end
