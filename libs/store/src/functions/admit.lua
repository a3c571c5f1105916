-- admit: before work acts at a target, it asks: the breaker, the limit of what goes on at once, the limit of the rate.
--
-- KEYS   1 target
-- ARGV   1 permit: random for each attempt   2 who asks: the same for each attempt   3 lease of the permit, unit ms
--        4 to 11 limits, see shared/target.lua
-- REPLY  {'admitted'} | {'open', retryInMs} | {'full', retryInMs} | {'limited', retryInMs}
--
-- FLAGS  allow-oom

-- Time between two who come back after an outage, and until somebody looks again while probes are out; unit ms.
local RETURN_EVERY_MS = 20
local PROBING_MS = 500
local LONGEST_WAIT_MS = 300000
-- Whoever does not come when expected is forgotten after this, unit ms.
local FORGET_MS = 60000
-- A call costs a thousand tokens: what comes in within a millisecond is then as many as calls a second are allowed.
local COST = 1000

local function out(permits, now) return redis.call('ZCOUNT', permits, '(' .. now, '+inf') end

-- What the breaker has against one who asks; else whether it passes as a probe.
local function broken(target, limits)
  if target.state == 'closed' then return nil, false end
  local left = target.is_pinned and limits.open_ms or target.ends - target.now
  if target.state == 'open' and left > 0 then return { word = 'open', from = left, each = RETURN_EVERY_MS } end
  local passed = target.state == 'half-open' and target.passed or 0
  if passed + out(target.probes, target.now) < limits.probes then return nil, true end
  return { word = 'open', from = PROBING_MS, each = RETURN_EVERY_MS }
end

local function full(target, limits)
  if limits.concurrency == 0 or out(target.permits, target.now) < limits.concurrency then return nil end
  local each = target.mean_ms / limits.concurrency
  return { word = 'full', from = each, each = each }
end

local function tokens_of(target, limits)
  local got = redis.call('HMGET', target.target, 'tokens', 'tokensAt')
  local full_bucket = limits.burst * COST
  if not got[1] then return full_bucket end
  local passed = math.max(0, target.now - tonumber(got[2]))
  return math.min(full_bucket, math.floor(tonumber(got[1]) + passed * limits.per_second))
end

local function limited(tokens, limits)
  if limits.per_second == 0 or tokens >= COST then return nil end
  return { word = 'limited', from = (COST - tokens) / limits.per_second, each = COST / limits.per_second }
end

-- When to come again (B4): behind all who are expected by then. Whoever came when expected and found no room is next,
-- but not after an outage, when that is everybody.
local function refuse(target, who, obstacle)
  local now, expected = target.now, tonumber(redis.call('ZSCORE', target.waiting, who) or 0)
  local from = now + math.max(1, math.ceil(obstacle.from))
  if expected < from then
    local is_next = expected > 0 and obstacle.word ~= 'open'
    local ahead = is_next and 0 or redis.call('ZCOUNT', target.waiting, from, '+inf')
    expected = math.min(from + math.floor(ahead * obstacle.each), now + LONGEST_WAIT_MS)
    redis.call('ZREMRANGEBYSCORE', target.waiting, '-inf', now - FORGET_MS)
    redis.call('ZADD', target.waiting, expected, who)
  end
  return { obstacle.word, expected - now }
end

local function admit(keys, args)
  local target, limits = open_target(prefix_of(keys[1])), limits_of(args, 4)
  local permit, who, now = args[1], args[2], target.now
  local lease_end = now + tonumber(args[3])
  if redis.call('ZSCORE', target.permits, permit) then return { 'admitted' } end
  local obstacle, is_probe = broken(target, limits)
  local tokens = limits.per_second > 0 and tokens_of(target, limits) or 0
  obstacle = obstacle or full(target, limits) or limited(tokens, limits)
  if obstacle then return refuse(target, who, obstacle) end

  if target.state == 'open' then change_state(target, 'half-open', '', 'the time that it stays open is over') end
  if is_probe then redis.call('ZADD', target.probes, lease_end, permit) end
  redis.call('ZREMRANGEBYSCORE', target.permits, '-inf', now)
  redis.call('ZADD', target.permits, lease_end, permit)
  redis.call('ZREM', target.waiting, who)
  if limits.per_second > 0 then redis.call('HSET', target.target, 'tokens', tokens - COST, 'tokensAt', now) end
  return { 'admitted' }
end
