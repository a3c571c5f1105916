-- force: a person opens the breaker of a target, or closes it.
--
-- KEYS   1 target
-- ARGV   1 command id   2 state: open | closed   3 who   4 why
-- REPLY  {'ok', state} | {'duplicate', state, why}
--
-- FLAGS  allow-oom
--
-- One that a person opened stays open until a person closes it; one that is closed goes on by itself from there.

local function force(keys, args)
  local target = open_target(prefix_of(keys[1]))
  local id, state, by, reason = args[1], args[2], args[3], args[4]
  local known = redis.call('HGET', target.target, 'c:' .. id)
  if known then return { 'duplicate', target.state, known } end

  change_state(target, state, by, reason, 0, state == 'open')
  redis.call('HSET', target.target, 'c:' .. id, reason)
  return { 'ok', state }
end
