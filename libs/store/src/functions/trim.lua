-- trim: forget what every reader of the feed has read. Never by length: an unread entry stays.
--
-- KEYS   1 feed of the partition
-- ARGV   1.. names of the leases under which the feed is read
-- REPLY  entries removed; the entry at the slowest checkpoint stays, so that its reader can compare it (S11)
--
-- FLAGS  allow-oom

-- Entries that an exact trim removes at once; of more, only whole nodes, a bounded number a call.
local EXACT = 10000

local function trim(keys, args)
  local prefix, slowest = prefix_of(keys[1]), nil
  for _, name in ipairs(args) do
    local entry = prefix .. key.lease .. name
    be_sure_of(prefix, entry)
    local checkpoint = redis.call('HGET', entry, 'checkpoint') or '0-0'
    if not slowest or is_before(checkpoint, slowest) then slowest = checkpoint end
  end
  if not slowest then return 0 end
  if redis.call('XLEN', keys[1]) <= EXACT then return redis.call('XTRIM', keys[1], 'MINID', slowest) end
  return redis.call('XTRIM', keys[1], 'MINID', '~', slowest, 'LIMIT', EXACT)
end
