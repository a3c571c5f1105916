-- A task's record: two fields of the head, the values of each in this order and separated by a space. What every
-- append reads and writes is in `t:<task>`; the rest is in `d:<task>`, and read when first asked for.
--
-- Its numbers stay the texts that they are read as and written as, since to format one costs as much as a command:
-- `plus` counts on, and who asks which of two is more takes `tonumber` of both.

local TASK = {
  'state',      -- queued | running | waiting | parked | held | completed | failed | cancelled
  'claim',      -- the fencing token (S2); - before the first claim
  'epoch',      -- counts claims, for people and for providers that can fence
  'appended',   -- number of the last append under this claim (S3)
  'from',       -- versions of that append, for its repeat
  'to',
  'wokenAt',    -- version of the last event addressed to it (S8)
  'intents',    -- effects begun and without an outcome
}
local DELIVERY = {
  'inbox',      -- <role>@<major>
  'name',       -- of its contract
  'returnTask', -- the task that waits for its outcome; - for a root, ~ when it is the rollback
  'returnOp',   -- the operation of that task
  'born',       -- version of its TaskScheduled
  'mode',       -- run; settle: only the outcome of its open effects is still wanted; undo: a rollback's, its effects stand
  'dispatch',   -- counts deliveries; only the last one can be claimed (S4)
  'worker',     -- who claimed it; - before the first claim
  'beat',       -- the worker's beat at the claim (S6)
  'deadline',   -- when the attempt has to end, by the lease clock (S7)
  'crashes',    -- crashes of its processes in a row, without a release in between
}
local IS_DELIVERY = {}
for at = 1, #DELIVERY do IS_DELIVERY[DELIVERY[at]] = true end

local TASK_PATTERN = '^' .. ('(%S+) '):rep(#TASK - 1) .. '(%S+)$'
local DELIVERY_PATTERN = '^' .. ('(%S+) '):rep(#DELIVERY - 1) .. '(%S+)$'

-- The text of a number which is kept as one, with `more` added.
local function plus(number, more) return string.format('%d', number + more) end

local function take_delivery(task, text)
  local inbox, name, return_task, return_op, born, mode, dispatch, worker, beat, deadline, crashes =
    string.match(text, DELIVERY_PATTERN)
  task.inbox, task.name, task.returnTask, task.returnOp = inbox, name, return_task, return_op
  task.born, task.mode, task.dispatch, task.worker = born, mode, dispatch, worker
  task.beat, task.deadline, task.crashes, task.deliveryRead = beat, deadline, crashes, text
end

local function read_delivery(task)
  take_delivery(setmetatable(task, nil), redis.call('HGET', task.head, 'd:' .. task.id))
end

local UNREAD_DELIVERY = {
  __index = function(task, name)
    if not IS_DELIVERY[name] then return nil end
    read_delivery(task)
    return task[name]
  end,
  __newindex = function(task, name, value)
    if IS_DELIVERY[name] then read_delivery(task) end
    rawset(task, name, value)
  end,
}

-- The task of a head, by the text of its `t:` field and, when it was read with it, that of its `d:` field.
local function parse_task(head, id, text, delivery)
  if not text then return nil end
  local state, claim, epoch, appended, from, to, woken_at, intents = string.match(text, TASK_PATTERN)
  local task = {
    head = head, id = id, taskRead = text, state = state, claim = claim, epoch = epoch, appended = appended,
    from = from, to = to, wokenAt = woken_at, intents = intents,
  }
  if not delivery then return setmetatable(task, UNREAD_DELIVERY) end
  take_delivery(task, delivery)
  return task
end

local function new_task(inbox, name, return_task, return_op, born)
  return {
    state = 'queued', claim = '-', epoch = '0', appended = '0', from = '0', to = '0', wokenAt = born, intents = '0',
    inbox = inbox, name = name, returnTask = return_task, returnOp = return_op, born = born,
    mode = 'run', dispatch = '1', worker = '-', beat = '0', deadline = '0', crashes = '0',
  }
end

-- What has to be written of a task: its two texts, each nil when it is as it was read.
local function texts_of(task)
  local text = task.state .. ' ' .. task.claim .. ' ' .. task.epoch .. ' ' .. task.appended .. ' ' .. task.from .. ' '
    .. task.to .. ' ' .. task.wokenAt .. ' ' .. task.intents
  local delivery = rawget(task, 'inbox') and task.inbox .. ' ' .. task.name .. ' ' .. task.returnTask .. ' ' .. task.returnOp
    .. ' ' .. task.born .. ' ' .. task.mode .. ' ' .. task.dispatch .. ' ' .. task.worker .. ' ' .. task.beat .. ' ' .. task.deadline
    .. ' ' .. task.crashes
  return text ~= task.taskRead and text or nil, delivery ~= task.deliveryRead and delivery or nil
end

local ENDED = { completed = true, failed = true, cancelled = true }

-- A crash may have its reason in any task that the process held. A task that was in two of them, one after the
-- other, is held alone until it has been released: only then does a crash say something about it.
local SHARED_CRASHES = 2

local function must_be_alone(task) return tonumber(task.crashes) >= SHARED_CRASHES end
local function crashes_alone(task) return math.max(0, task.crashes - SHARED_CRASHES) end
