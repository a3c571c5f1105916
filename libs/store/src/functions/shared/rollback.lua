-- Ending a workflow before its time: its open tasks are fenced, those with open effects settle them, and then what was
-- committed is undone, one effect after the other, the newest first.
--
--   fields of the head
--     e:<version>  the task whose effect was committed at that version, and is not undone
--     undo         '<version> <version>': effects up to the first stand, - when all do; the second is that of the
--                  event which began it
--     after        '<inbox> <name> <meta>': the task to run once when all is undone
--   cancelling     0, or how the workflow will end

local ENDS_CANCELLED, ENDS_FAILED = 1, 2
local OPEN_STATUS = { [0] = 'running', [ENDS_CANCELLED] = 'cancelling', [ENDS_FAILED] = 'rolling-back' }
-- Whose outcome goes to the rollback returns to this; its operation is the version of the effect, 0 of the last task.
local ROLLBACK = '~'
local SCHEDULED = '{"role":"%s","major":%s,"name":"$undo","version":1,"by":null,"returnTo":{"task":"~","op":%s}}\n{"version":%s}'
local AFTER = '%s\n{"request":%s,"cause":%s}'

-- What of a workflow its end concerns, each in order: tasks that have not ended, dead letters, effects that stand.
local function survey(prefix, wf)
  local found = { open = {}, dead = {}, effects = {} }
  local head = redis.call('HGETALL', prefix .. key.head .. wf)
  for at = 1, #head, 2 do
    local kind, id = string.match(head[at], '^(%a+):(.+)$')
    if kind == 't' and not ENDED[parse_task('', id, head[at + 1]).state] then table.insert(found.open, id) end
    if kind == 'dead' then table.insert(found.dead, id) end
    if kind == 'e' then table.insert(found.effects, { version = tonumber(id), task = head[at + 1] }) end
  end
  table.sort(found.open)
  table.sort(found.dead)
  table.sort(found.effects, function(a, b) return a.version > b.version end)
  return found
end

-- Whether a rollback has scheduled the task, or one that called it: what it does stands.
local function is_of_rollback(flow, task) return flow.cancelling > 0 and task.mode == 'undo' end

-- Every inbox that undoing may deliver to.
local function undo_inboxes(flow, effects)
  local names, seen = {}, {}
  local function add(inbox)
    if inbox and not seen[inbox] then names[#names + 1], seen[inbox] = inbox_key(flow, inbox), true end
  end
  for _, effect in ipairs(effects) do add(task_of(flow, effect.task).inbox) end
  add(string.match(redis.call('HGET', flow.head, 'after') or '', '^%S+'))
  return names
end

local function letters_of(flow, tasks)
  local letters = {}
  for _, id in ipairs(tasks) do letters[#letters + 1] = letter_of(flow, id) end
  return letters
end

-- Every key that ending this workflow may write. Answers what it concerns.
local function touch_ending(flow)
  local found = survey(flow.prefix, flow.id)
  touch(flow, flow.prefix .. key.timers, unpack(undo_inboxes(flow, found.effects)))
  for _, id in ipairs(found.open) do touch(flow, keys_of(flow, id, task_of(flow, id))) end
  letters_of(flow, found.dead)
  return found
end

local function schedule(flow, id, inbox, name, op, content)
  local task = new_task(inbox, name, ROLLBACK, op, record(flow, 'TaskScheduled ' .. id .. ' 0', 0, content))
  task.mode = 'undo'
  flow.task[id] = task
  flow.tasks, flow.open = flow.tasks + 1, flow.open + 1
  deliver(flow, id, task)
end

local function undo(flow, effect)
  local inbox = task_of(flow, effect.task).inbox
  local role, major = string.match(inbox, '^(.-)@(%d+)$')
  schedule(flow, ROLLBACK .. effect.version, inbox, '$undo', effect.version,
    string.format(SCHEDULED, role, major, effect.version, effect.version))
end

local function body_at(flow, version)
  local entry = redis.call('XRANGE', flow.log, version .. '-0', version .. '-0')[1]
  return string.match(entry[2][2], '^[^\n]*\n(.*)$')
end

-- The request of the first task is at version 2 of every log.
local function run_after(flow, after, began)
  local inbox, name, meta = string.match(after, '^(%S+) (%S+) (.*)$')
  redis.call('HDEL', flow.head, 'after')
  schedule(flow, ROLLBACK .. 'after', inbox, name, '0', string.format(AFTER, meta, body_at(flow, 2), body_at(flow, began)))
end

local function conclude(flow)
  if flow.cancelling == ENDS_CANCELLED then
    flow.status = 'cancelled'
    record(flow, 'WorkflowCancelled - 0', 0, '{}\n')
  else
    flow.status = 'failed'
    record(flow, 'WorkflowFailed - 0', 0, '{}\n')
  end
end

-- One thing less waits for a person. What has ended stays so.
local function wait_no_more(flow)
  flow.parked = flow.parked - 1
  if flow.parked == 0 and not ENDED[flow.status] then flow.status = OPEN_STATUS[flow.cancelling] end
end

-- The next thing to do when the last open task has ended: undo the newest effect that is not to stand, run the task
-- that follows, or end. Its keys were touched by whoever calls.
local function go_on_ending(flow)
  if flow.cancelling == 0 or flow.open > 0 then return end
  local upTo, began = string.match(redis.call('HGET', flow.head, 'undo'), '^(%S+) (%S+)$')
  if upTo == '-' then return conclude(flow) end
  local newest = survey(flow.prefix, flow.id).effects[1]
  if newest and newest.version > tonumber(upTo) then return undo(flow, newest) end
  local after = redis.call('HGET', flow.head, 'after')
  if after then return run_after(flow, after, began) end
  conclude(flow)
end

local function fence(flow, id, task)
  if task.state == 'running' then let_go(flow, id, task) end
  if tonumber(task.intents) > 0 then
    task.mode = 'settle'
    queue(flow, id, task)
    return
  end
  if task.state == 'waiting' then redis.call('UNLINK', waits_key(flow, id)) end
  task.state = 'cancelled'
  flow.open = flow.open - 1
  record(flow, 'TaskCancelled ' .. id .. ' 0', task.epoch, '{}\n')
end

-- Ids of the tasks that have not ended, in order: those that were surveyed, and those that this very call has scheduled.
local function open_tasks(flow)
  local open = {}
  for id, task in pairs(flow.task) do
    if not ENDED[task.state] then open[#open + 1] = id end
  end
  table.sort(open)
  return open
end

-- `began` is the version of the event that says so; effects up to `upTo` stand, - lets all stand. Letters that this very
-- call has laid down are of tasks that are ended now.
local function begin_ending(flow, ends, upTo, began)
  flow.cancelling, flow.parked, flow.status = ends, 0, OPEN_STATUS[ends]
  redis.call('HSET', flow.head, 'undo', upTo .. ' ' .. began)
  redis.call('HDEL', flow.head, 'held', 'limits')
  for _, id in ipairs(open_tasks(flow)) do fence(flow, id, flow.task[id]) end
  exhume(flow, letters_of(flow, survey(flow.prefix, flow.id).dead))
  go_on_ending(flow)
end

-- A person's command that ends a workflow.
local function end_by_command(prefix, args, event, ends)
  local wf, id, upTo, meta, body = unpack(args, 1, 5)
  local flow = open_workflow(prefix, wf, {})
  if not flow then return { 'unknown' } end
  local repeated = redis.call('HGET', flow.head, 'c:' .. id)
  if repeated then return { 'duplicate', tonumber(repeated), flow.status } end
  if flow.cancelling > 0 or flow.status == 'completed' then return { 'ended', flow.status } end
  touch_ending(flow)

  local version = record(flow, event .. ' - 0', 0, meta .. '\n' .. body)
  begin_ending(flow, ends, upTo, version)
  redis.call('HSET', flow.head, 'c:' .. id, version)
  close_workflow(flow)
  return { 'ok', version, flow.status }
end
