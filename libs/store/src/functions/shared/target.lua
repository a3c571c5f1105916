-- A target: a tool, a model or a role of which work asks for admission before it acts there. All its keys are in a
-- slot of their own, and every replica of every service shares them.
--
--   B1. No more permits are out than the limit allows; one whose lease has ended is out no more.
--   B2. A permit is reported once: that takes it back, and counts what came of it.
--   B3. While the breaker is open nobody is admitted. Then come a few probes, each on a lease in case its holder dies:
--       as many as are asked for have to go well before it closes, and one that does not opens it again.
--   B4. A refusal changes nothing but when the one who asked is expected. Each has a time of its own, so that those
--       who have waited come back one after the other.

-- What the limits are is said with each call, by whoever declares the target; 0 stands for none.
local function limits_of(args, from)
  local function number(at) return tonumber(args[from + at]) end
  return {
    window_ms = number(0), minimum = number(1), failure_rate = number(2), open_ms = number(3), probes = number(4),
    per_second = number(5), burst = number(6), concurrency = number(7),
  }
end

local function open_target(prefix)
  local target = { prefix = prefix, now = now_ms(prefix) }
  local names = { 'target', 'window', 'permits', 'probes', 'waiting', 'changes' }
  for at, name in ipairs(names) do
    target[name] = prefix .. key[name]
    names[at] = target[name]
  end
  be_sure_of(prefix, unpack(names))
  local got = redis.call('HMGET', target.target, 'state', 'ends', 'passed', 'pinned', 'meanMs')
  target.state, target.ends, target.passed = got[1] or 'closed', tonumber(got[2] or 0), tonumber(got[3] or 0)
  target.is_pinned, target.mean_ms = got[4] == '1', tonumber(got[5] or 100)
  return target
end

local CHANGES_KEPT = 100

-- Another state of the breaker, with who and why. What was counted before it says nothing about it.
local function change_state(target, state, by, reason, open_ms, is_pinned)
  redis.call('HSET', target.target, 'state', state, 'since', target.now, 'by', by, 'reason', reason, 'passed', 0,
    'ends', target.now + (open_ms or 0), 'pinned', is_pinned and 1 or 0)
  redis.call('UNLINK', target.window, target.probes)
  redis.call('XADD', target.changes, 'MAXLEN', CHANGES_KEPT, '*', 'state', state, 'at', target.now, 'by', by, 'reason', reason)
  target.state = state
end
