-- Taking a task from a worker that did not finish it.

local LEASE_META = '{"worker":"%s","reason":"%s","alone":%s}\n'

local ERROR = '"error":[{"name":"CrashBudgetExhausted","code":"CrashBudgetExhausted","kind":"permanent",'
  .. '"message":"its process died %d times while it held this task alone"}]'

local function poisoned_meta(crashes)
  return string.format('{"reason":"CrashBudgetExhausted",' .. ERROR .. '}', crashes)
end

-- As the kernel's LetterMeta. What the handler had seen is lost with its process.
local function poisoned_letter(task, crashes)
  return string.format('{"reason":"CrashBudgetExhausted",' .. ERROR .. ',"name":"%s","operation":null,"attempts":%s,"seenUpTo":null}',
    crashes, task.name, task.epoch)
end

-- Delivers the task again or, past the crash budget, parks it for a person. Only crashes of a process that held the
-- task alone count: a poisonous task does not condemn its neighbours.
local function deliver_again(flow, id, task, crash_budget)
  let_go(flow, id, task)
  if crashes_alone(task) < crash_budget then
    queue(flow, id, task)
    return
  end
  local crashes = crashes_alone(task)
  record(flow, 'TaskParked ' .. id .. ' 0', task.epoch, poisoned_meta(crashes) .. '\n')
  park_task(flow, task)
  dead_letter(flow, role_of(task), id, poisoned_letter(task, crashes))
end

-- What a worker holds, each as 'wf task', in an order that every run shares.
local function held_by(prefix, worker)
  local members = redis.call('SMEMBERS', prefix .. key.held .. worker)
  table.sort(members)
  return members
end

local function split_member(member) return string.match(member, '^(%S+) (%S+)') end

-- Nobody has to look after this worker any more. Answers 0 when nobody had to.
local function strike_off(prefix, worker)
  redis.call('HDEL', prefix .. key.crew, worker, '!' .. worker)
  return redis.call('ZREM', prefix .. key.workers, worker)
end

-- Takes back one task that `worker` holds. Answers false when it does not hold it (any more).
local function take_back(prefix, member, worker, reason, crash_budget, is_due)
  local wf, id = split_member(member)
  if is_newer(prefix, wf) then return false end
  local flow = open_workflow(prefix, wf, { id })
  local task = flow and flow.task[id]
  if not task or task.state ~= 'running' or task.worker ~= worker then
    redis.call('SREM', prefix .. key.held .. worker, member)
    return false
  end
  if is_due and not is_due(task) then return false end
  touch(flow, dead_keys(prefix, role_of(task)))
  touch(flow, keys_of(flow, id, task))
  record(flow, 'LeaseExpired ' .. id .. ' 0', task.epoch, string.format(LEASE_META, worker, reason, tostring(must_be_alone(task))))
  if reason ~= 'unlisted' then task.crashes = plus(task.crashes, 1) end
  deliver_again(flow, id, task, crash_budget)
  close_workflow(flow)
  return true
end
