-- reap: take tasks back from workers whose lease has ended, or that seem dead because no connection is left.
--
-- KEYS   1 feed of the partition
-- ARGV   1 limit of tasks a call   2 crash budget   3.. workers without a connection
-- REPLY  {tasks taken back, workers removed, 1 when there is more}
--
-- A worker leaves `workers` only when it holds nothing (S5). One that was given up by its connections is
-- remembered, so that a wrong guess can be counted when it speaks again.
--
-- FLAGS  allow-oom

-- How long one that was given up is remembered, unit ms of the lease clock.
local REMEMBERED_MS = 600000

local function take_all(prefix, worker, reason, limit, crash_budget)
  local taken = 0
  for _, member in ipairs(held_by(prefix, worker)) do
    if taken >= limit then return taken end
    if take_back(prefix, member, worker, reason, crash_budget) then taken = taken + 1 end
  end
  return taken
end

local function give_up(prefix, worker, reason, now)
  if redis.call('SCARD', prefix .. key.held .. worker) > 0 then return 0 end
  be_sure_of(prefix, prefix .. key.held .. worker)
  if reason == 'connections' then redis.call('ZADD', prefix .. key.given_up, now, worker) end
  return strike_off(prefix, worker)
end

local function reap(keys, args)
  local prefix = prefix_of(keys[1])
  local limit, crash_budget = tonumber(args[1]), tonumber(args[2])
  be_sure_of(prefix, prefix .. key.timers, prefix .. key.clock, prefix .. key.workers, prefix .. key.given_up,
    prefix .. key.crew)
  local now = advance_lease_clock(prefix)
  local dead, reason_of = redis.call('ZRANGEBYSCORE', prefix .. key.workers, '-inf', now), {}
  for _, worker in ipairs(dead) do reason_of[worker] = 'lease' end
  for i = 3, #args do
    if not reason_of[args[i]] and redis.call('ZSCORE', prefix .. key.workers, args[i]) then
      dead[#dead + 1], reason_of[args[i]] = args[i], 'connections'
    end
  end

  local taken, removed = 0, 0
  for _, worker in ipairs(dead) do
    taken = taken + take_all(prefix, worker, reason_of[worker], limit - taken, crash_budget)
    removed = removed + give_up(prefix, worker, reason_of[worker], now)
  end
  redis.call('ZREMRANGEBYSCORE', prefix .. key.given_up, '-inf', now - REMEMBERED_MS)
  return { taken, removed, taken >= limit and removed < #dead and 1 or 0 }
end
