-- lease: one owner at a time for the work of a partition that only one may do, such as its projection.
--
-- KEYS   1 feed of the partition
-- ARGV   1 name   2 owner   3 lease, unit ms; 0 gives it back
-- REPLY  {'ok', epoch, checkpoint} | {'taken', owner}
--
-- FLAGS  allow-oom

local function lease(keys, args)
  local prefix = prefix_of(keys[1])
  local entry, owner, lease_ms = prefix .. key.lease .. args[1], args[2], tonumber(args[3])
  be_sure_of(prefix, prefix .. key.clock, entry)
  local now = advance_lease_clock(prefix)
  local got = redis.call('HMGET', entry, 'owner', 'epoch', 'until', 'checkpoint')
  local epoch, ends = tonumber(got[2] or 0), tonumber(got[3] or 0)

  if got[1] ~= owner and ends > now then return { 'taken', got[1] } end
  if got[1] ~= owner and lease_ms == 0 then return { 'taken', got[1] or '' } end
  if got[1] ~= owner then epoch = epoch + 1 end
  redis.call('HSET', entry, 'owner', owner, 'epoch', epoch, 'until', now + lease_ms)
  return { 'ok', epoch, got[4] or '0-0' }
end
