-- report: what came of work that was admitted at a target; its permit is back.
--
-- KEYS   1 target
-- ARGV   1 permit   2 outcome: ok | failed | timed-out | unused   3 how long it took, unit ms
--        4 to 11 limits, see shared/target.lua
-- REPLY  {'ok', state} | {'gone', state} it was reported before, or its lease had ended
--
-- FLAGS  allow-oom

local SLICES = 10
-- The mean of how long a call takes forgets half of what was before in some six calls.
local WEIGHT = 8

-- Counts one outcome in its slice of the window. Answers how many were bad, of how many in the window.
local function count(target, limits, is_bad)
  local now, width = target.now, math.ceil(limits.window_ms / SLICES)
  local slice = now - now % width
  local slices, stale, all, bad, before = redis.call('HGETALL', target.window), {}, 1, is_bad, '0 0'
  for at = 1, #slices, 2 do
    local start = tonumber(slices[at])
    local calls, failures = string.match(slices[at + 1], '^(%d+) (%d+)$')
    if start <= now - limits.window_ms or start > now then
      stale[#stale + 1] = slices[at]
    else
      all, bad = all + calls, bad + failures
    end
    if start == slice then before = slices[at + 1] end
  end
  local calls, failures = string.match(before, '^(%d+) (%d+)$')
  if #stale > 0 then redis.call('HDEL', target.window, unpack(stale)) end
  redis.call('HSET', target.window, slice, calls + 1 .. ' ' .. failures + is_bad)
  return bad, all
end

local function count_closed(target, limits, is_bad)
  local bad, all = count(target, limits, is_bad)
  if limits.minimum == 0 or all < limits.minimum or bad < all * limits.failure_rate then return end
  local reason = string.format('%d of %d calls failed or timed out', bad, all)
  change_state(target, 'open', '', reason, limits.open_ms)
end

local function count_probe(target, limits, is_bad)
  if is_bad == 1 then
    change_state(target, 'open', '', 'a probe failed or timed out', limits.open_ms)
  elseif target.passed + 1 >= limits.probes then
    change_state(target, 'closed', '', 'the probes went well')
  else
    redis.call('HSET', target.target, 'passed', target.passed + 1)
  end
end

local function report(keys, args)
  local target, limits = open_target(prefix_of(keys[1])), limits_of(args, 4)
  local permit, outcome, took_ms = args[1], args[2], tonumber(args[3])
  if not redis.call('ZSCORE', target.permits, permit) then return { 'gone', target.state } end
  local is_probe = redis.call('ZSCORE', target.probes, permit)

  redis.call('ZREM', target.permits, permit)
  redis.call('ZREM', target.probes, permit)
  if outcome ~= 'unused' then
    local is_bad = outcome == 'ok' and 0 or 1
    redis.call('HSET', target.target, 'meanMs', math.ceil(target.mean_ms + (took_ms - target.mean_ms) / WEIGHT))
    if target.state == 'closed' then
      count_closed(target, limits, is_bad)
    elseif is_probe and target.state == 'half-open' then
      count_probe(target, limits, is_bad)
    end
  end
  return { 'ok', target.state }
end
