-- The clock of a partition, which leases run on (S7).
--
-- It advances by what the wall clock advanced since the last call, but by 0 to 2 s a call: a wall clock
-- that jumps, or a store that stalls, does not declare every worker dead.

local MAX_ADVANCE_MS = 2000

local function advance_lease_clock(prefix)
  local clock = prefix .. key.clock
  local seen = redis.call('HMGET', clock, 'wall', 'lease')
  local wall = now_ms(prefix)
  local advance = math.max(0, math.min(wall - tonumber(seen[1] or wall), MAX_ADVANCE_MS))
  local lease = tonumber(seen[2] or 0) + advance
  redis.call('HSET', clock, 'wall', wall, 'lease', lease)
  return lease
end
