-- The clock of a partition, which leases and the deadlines of attempts run on (S7).
--
-- It advances by what the wall clock advanced since the last call, but by 0 to 2 s a call: a wall clock
-- that jumps, or a store that stalls, does not declare every worker dead, and ends no attempt.

local MAX_ADVANCE_MS = 2000

-- What it shows at `wall`. Whoever only looks leaves it to heartbeats and reaping to write that down.
local function lease_clock(prefix, wall)
  local seen = redis.call('HMGET', prefix .. key.clock, 'wall', 'lease')
  local advance = math.max(0, math.min(wall - tonumber(seen[1] or wall), MAX_ADVANCE_MS))
  return tonumber(seen[2] or 0) + advance
end

local function advance_lease_clock(prefix)
  local clock, wall = prefix .. key.clock, now_ms(prefix)
  local lease = lease_clock(prefix, wall)
  redis.call('HSET', clock, 'wall', wall, 'lease', lease)
  return lease
end
