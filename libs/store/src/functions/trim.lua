-- trim: forget what every reader of the feed has read. Never by length: an unread entry stays.
--
-- KEYS   1 feed of the partition
-- ARGV   1.. names of the leases under which the feed is read
-- REPLY  entries removed
--
-- FLAGS  allow-oom

local function before(a, b)
  local a_ms, a_seq = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_seq = string.match(b, '(%d+)-(%d+)')
  if a_ms ~= b_ms then return tonumber(a_ms) < tonumber(b_ms) end
  return tonumber(a_seq) < tonumber(b_seq)
end

local function trim(keys, args)
  local prefix, slowest = prefix_of(keys[1]), nil
  for _, name in ipairs(args) do
    local checkpoint = redis.call('HGET', prefix .. key.lease .. name, 'checkpoint') or '0-0'
    if not slowest or before(checkpoint, slowest) then slowest = checkpoint end
  end
  return redis.call('XTRIM', keys[1], 'MINID', slowest)
end
