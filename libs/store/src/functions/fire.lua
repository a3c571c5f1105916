-- fire: move due timers and the deadlines of attempts into events and deliveries, those due first before the others.
--
-- KEYS   1 feed of the partition
-- ARGV   1 limit of timers a call   2 crash budget
-- REPLY  {fired, 1 when there is more, ms until the next is due or -1, how late the first of them was in ms}
--
-- FLAGS  allow-oom

-- The attempt that a deadline was set for goes on.
local function is_attempt(task, epoch) return task.state == 'running' and task.epoch == epoch end

-- An attempt past its deadline counts like a crash, so that their number is bounded.
local function time_out(flow, id, task, epoch, crash_budget)
  if not is_attempt(task, epoch) then return end
  record(flow, 'AttemptTimedOut ' .. id .. ' 0', task.epoch, '{}\n')
  task.crashes = plus(task.crashes, 1)
  deliver_again(flow, id, task, crash_budget)
end

local function ring(flow, id, task, op)
  if ENDED[task.state] then return end
  wake(flow, id, task, op, record(flow, 'TimerFired ' .. id .. ' ' .. op, 0, '{}\n'))
end

local ESCALATED = '{"reason":"Escalated","by":"policy","to":0}\n{"reason":"Escalated","by":"policy"}'

-- Nobody came to a parked workflow within the time of its policy.
local function escalate(flow)
  if flow.status ~= 'parked' then return end
  local after, to = string.match(redis.call('HGET', flow.head, 'escalate'), '^(%d+) (%S+)$')
  touch_ending(flow)
  record(flow, 'WorkflowEscalated - 0', 0, string.format('{"afterMs":%s,"to":"%s"}\n', after, to))
  if to == 'compensate' and flow.cancelling == 0 then
    begin_ending(flow, ENDS_FAILED, '0', record(flow, 'RollbackStarted - 0', 0, ESCALATED))
  end
  close_workflow(flow)
end

local OUT_OF_TIME = '{"reason":"LimitExceeded","by":"limits","error":[{"name":"LimitExceeded","code":"LimitExceeded",'
  .. '"kind":"permanent","message":"it has not ended within %s ms","details":{"what":"wallClockMs","limit":%s}}]}'

-- It has taken longer than its type allows. One that waits for a person gets as long again from that person.
local function hold_late(flow)
  local allowed = flow.status == 'running' and redis.call('HGET', flow.head, 'allowed')
  if not allowed then return end
  local ms = string.match(allowed, '%S+$')
  hold(flow, touch_ending(flow).open, string.format(OUT_OF_TIME, ms, ms))
  close_workflow(flow)
end

-- A timer of a newer release's workflow is looked at again after this, unit ms; whoever knows that layout fires it.
local LEFT_ALONE_MS = 1000

local function put_off(prefix, member, at) redis.call('ZADD', prefix .. key.timers, 'XX', at, member) end

-- Timers of one call beyond this are a burst: what they wake does not stand before new work.
local BURST = 16

local function fire_one(prefix, member, crash_budget, now, lease_now, is_burst)
  local wf, id, what = string.match(member, '^(%S+) (%S+) (%S+)$')
  if is_newer(prefix, wf) then return put_off(prefix, member, now + LEFT_ALONE_MS) end
  local flow = open_workflow(prefix, wf, { id })
  if flow and what == 'escalate' then escalate(flow) end
  if flow and what == 'limit' then hold_late(flow) end
  local task, epoch = flow and flow.task[id], string.match(what, '^!(%d+)$')
  if task then
    flow.burst = is_burst
    -- The wall clock has come to the deadline, but it may have been set forward (S7).
    local left = epoch and is_attempt(task, epoch) and task.deadline - lease_now or 0
    if left > 0 then return put_off(prefix, member, now + left) end
    touch(flow, dead_keys(prefix, role_of(task)))
    touch(flow, keys_of(flow, id, task))
    if epoch then time_out(flow, id, task, epoch, crash_budget) else ring(flow, id, task, what) end
    if flow.first then close_workflow(flow) end
  end
  redis.call('ZREM', prefix .. key.timers, member)
end

local function fire(keys, args)
  local prefix, limit, crash_budget = prefix_of(keys[1]), tonumber(args[1]), tonumber(args[2])
  local timers, now = prefix .. key.timers, now_ms(prefix)
  be_sure_of(prefix, timers, prefix .. key.clock)
  local lease_now = lease_clock(prefix, now)
  local due = redis.call('ZRANGEBYSCORE', timers, '-inf', now, 'LIMIT', 0, limit)
  local late = due[1] and now - tonumber(redis.call('ZSCORE', timers, due[1])) or 0
  for at, member in ipairs(due) do fire_one(prefix, member, crash_budget, now, lease_now, at > BURST) end
  local first = redis.call('ZRANGE', timers, 0, 0, 'WITHSCORES')
  local next_in = first[2] and math.max(0, math.ceil(tonumber(first[2]) - now)) or -1
  return { #due, next_in == 0 and 1 or 0, next_in, late }
end
