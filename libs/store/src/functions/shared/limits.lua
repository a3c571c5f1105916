-- What a workflow may come to before a person looks at it, and its being held. Fields of the head, only of one that has
-- limits:
--
--   allowed  '<tasks> <events> <ms>': as its type declares them; - for none
--   limits   '<tasks> <events>': how far the counts may come from where a person last sent it on
--
-- and a timer '<wf> - limit'. A workflow that is being ended has no limits: its end is not to be held up.

local function further(count, allowed) return allowed == '-' and '-' or plus(count, allowed) end

-- From now on it may come to as much again.
local function grant(flow, allowed, tasks, version)
  local more_tasks, more_events, ms = string.match(allowed, '^(%S+) (%S+) (%S+)$')
  redis.call('HSET', flow.head, 'limits', further(tasks, more_tasks) .. ' ' .. further(version, more_events))
  if ms ~= '-' then redis.call('ZADD', flow.prefix .. key.timers, flow.at + ms, flow.id .. ' - limit') end
end

-- A person sends work on.
local function grant_again(flow)
  local allowed = flow.cancelling == 0 and redis.call('HGET', flow.head, 'allowed')
  if allowed then grant(flow, allowed, flow.tasks, flow.version) end
end

local function can_be_held(flow)
  return flow.open > 0 and not ENDED[flow.status] and redis.call('HEXISTS', flow.head, 'held') == 0
end

-- What waits for a person already goes on waiting for that person; the rest is `held`. What is addressed to it
-- meanwhile is kept in the log, and found when the task goes on.
local function hold_task(flow, id, task)
  if task.state == 'parked' then return end
  if task.state == 'running' then let_go(flow, id, task) end
  if task.state == 'waiting' then redis.call('UNLINK', waits_key(flow, id)) end
  task.state = 'held'
end

-- Holds its open tasks, which were touched, until a person sends them on. Answers the version that says so.
local function hold(flow, open, meta)
  local version = record(flow, 'WorkflowParked - 0', 0, meta .. '\n')
  for _, id in ipairs(open) do hold_task(flow, id, flow.task[id]) end
  wait_for_person(flow)
  redis.call('HSET', flow.head, 'held', version)
  return version
end
