-- compensate: a committed effect is about to be undone, or has been (E1).
--
-- KEYS   1 ledger entry
-- ARGV   1 wf   2 task that committed it   3 its occurrence   4 compensating | compensated
-- REPLY  {'ok'} | {'duplicate'} it is so already | {'gone'} the entry is kept no more, or is another occurrence's
--
-- FLAGS  allow-oom
--
-- While it is being undone nobody can adopt its receipt: whoever asks for the key waits. Behind it comes the next occurrence.

local function compensate(keys, args)
  local entry, wf, task, occurrence, to = keys[1], unpack(args, 1, 5)
  local got = redis.call('HMGET', entry, 'state', 'occurrence', 'wf', 'task')
  local state = got[1]

  if got[2] ~= occurrence or got[3] ~= wf or got[4] ~= task then return { 'gone' } end
  if state == to or state == 'compensated' then return { 'duplicate' } end
  if state ~= 'committed' and state ~= 'compensating' then return { 'gone' } end

  redis.call('HSET', entry, 'state', to)
  keep(entry)
  return { 'ok' }
end
