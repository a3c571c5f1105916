-- drain: a person's order to a worker: hand back what it holds, and take no more until it ends. Its next heartbeat tells.
--
-- KEYS   1 feed of the partition
-- ARGV   1 worker   2 the order: who gives it, why and when, as JSON
-- REPLY  {'ok'} | {'duplicate', order} it has one already | {'unknown'} no such worker is alive here
--
-- FLAGS  allow-oom

local function drain(keys, args)
  local prefix, worker = prefix_of(keys[1]), args[1]
  local crew = prefix .. key.crew
  be_sure_of(prefix, crew, prefix .. key.workers)
  if not redis.call('ZSCORE', prefix .. key.workers, worker) then return { 'unknown' } end
  local order = redis.call('HGET', crew, '!' .. worker)
  if order then return { 'duplicate', order } end
  redis.call('HSET', crew, '!' .. worker, args[2])
  return { 'ok' }
end
