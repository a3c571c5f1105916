-- append: what tasks did, each under its claim (S2) and its append number (S3), each decided by itself.
--
-- KEYS   1 feed of the partition
-- ARGV   1 limit of tasks a workflow, then any number of appends:
--          wf, task, claim, number, readUpTo, release, items, 'end'
--        release: '' | completed | failed | handed-off | suspended | parked | queued | cancelled
--        items:
--          'event' type task op meta data
--          'deliver' inbox returnTask returnOp   the task of the event before, to its role
--          'timer' op delayMs                    'untimer' op
--          'field' name expected                 written by the event before; -1 expects nothing
--          'take' name version                   a signal, oldest first
--          'wait' op group size                  'listen' name: what a suspended task waits for
--          'dead' role task meta                 where the failure began is dead-lettered
-- REPLY  for each append {'ok' | 'duplicate', from, to, wokenAt, released 0 | 1}
--        | {'fenced'} | {'rewound', last number} | {'conflict', what, version} | {'limit', tasks}
--
-- FLAGS  allow-oom
--
-- What has begun may end when memory is short: only start, claim, signal, resume and reserve are refused then.
--
-- A task that suspends is answered released 0 when something addressed to it came after `readUpTo` (S8): its
-- events are recorded, all but the last, its TaskSuspended.

local INTENTS = { EffectIntended = 1, EffectCommitted = -1, EffectAdopted = -1, EffectNotPerformed = -1, EffectRejected = -1 }

local parse_item = {
  event = function(change, next)
    local event = { type = next(), task = next(), op = next(), meta = next(), data = next(), fields = {} }
    change.events[#change.events + 1] = event
  end,
  deliver = function(change, next)
    change.events[#change.events].deliver = { inbox = next(), returnTask = next(), returnOp = tonumber(next()) }
    change.deliveries = change.deliveries + 1
  end,
  timer = function(change, next) change.timers[#change.timers + 1] = { op = next(), delay = tonumber(next()) } end,
  untimer = function(change, next) change.untimers[#change.untimers + 1] = next() end,
  field = function(change, next)
    local field = { name = next(), expected = tonumber(next()) }
    local written = change.events[#change.events].fields
    written[#written + 1], change.fields[#change.fields + 1] = field, field
  end,
  take = function(change, next) change.takes[#change.takes + 1] = { name = next(), version = tonumber(next()) } end,
  wait = function(change, next) change.waits[#change.waits + 1] = { op = next(), group = next(), size = next() } end,
  listen = function(change, next) change.listens[#change.listens + 1] = next() end,
  dead = function(change, next) change.dead = { role = next(), task = next(), meta = next() } end,
}

local function parse_change(next)
  local change = {
    wf = next(), task = next(), claim = next(), number = tonumber(next()), readUpTo = tonumber(next()), release = next(),
    events = {}, deliveries = 0, timers = {}, untimers = {}, fields = {}, takes = {}, waits = {}, listens = {},
  }
  for item in next do
    if item == 'end' then break end
    parse_item[item](change, next)
  end
  return change
end

-- The refusal that the head gives to this change, if any.
local function refusal(flow, task, change, limit)
  if not task or task.claim ~= change.claim then return { 'fenced' } end
  if change.number == task.appended and task.appended > 0 then
    return { 'duplicate', task.from, task.to, task.wokenAt, task.state == 'running' and 0 or 1 }
  end
  if change.number ~= task.appended + 1 then return { 'rewound', task.appended } end
  if task.state ~= 'running' then return { 'fenced' } end
  if flow.tasks + change.deliveries > limit then return { 'limit', limit } end
  for _, field in ipairs(change.fields) do
    local version = tonumber(redis.call('HGET', flow.head, 'f:' .. field.name) or 0)
    if field.expected >= 0 and version ~= field.expected then return { 'conflict', field.name, version } end
  end
  for _, take in ipairs(change.takes) do
    local taken = tonumber(redis.call('HGET', flow.head, 'taken:' .. take.name) or 0)
    if taken >= take.version then return { 'conflict', take.name, taken } end
  end
  return nil
end

-- Whether something addressed to the task came after what it has read (S8).
local function is_awake(flow, task, change)
  if task.wokenAt > change.readUpTo then return true end
  for _, name in ipairs(change.listens) do
    if tonumber(redis.call('HGET', flow.head, 'sent:' .. name) or 0) > change.readUpTo then return true end
  end
  return false
end

-- What this change writes besides log, head and feed; an append that only records has nothing of it.
local function touch_all(flow, change, task, caller, releases)
  local keys = {}
  local function add(...)
    for _, name in ipairs({ ... }) do keys[#keys + 1] = name end
  end
  if releases then add(keys_of(flow, change.task, task)) end
  if caller then add(keys_of(flow, task.returnTask, caller)) end
  if #change.timers + #change.untimers > 0 then add(flow.prefix .. key.timers) end
  if change.dead then add(flow.prefix .. key.dead .. change.dead.role) end
  for _, event in ipairs(change.events) do
    if event.deliver then add(inbox_key(flow, event.deliver.inbox)) end
  end
  if #keys > 0 then touch(flow, unpack(keys)) end
end

local function write_event(flow, task, event)
  local version = record(flow, event.type, event.task, event.op, task.epoch, event.meta, event.data)
  task.intents = task.intents + (INTENTS[event.type] or 0)
  if event.type == 'EffectCommitted' then flow.committed = flow.committed + 1 end
  for _, field in ipairs(event.fields) do redis.call('HSET', flow.head, 'f:' .. field.name, version) end
  if event.deliver then
    local child = new_task(event.deliver.inbox, event.deliver.returnTask, event.deliver.returnOp, version)
    flow.task[event.task] = child
    flow.tasks, flow.open = flow.tasks + 1, flow.open + 1
    deliver(flow, event.task, child)
  end
  return version
end

local function set_timers(flow, change)
  local timers = flow.prefix .. key.timers
  local function member(op) return flow.id .. ' ' .. change.task .. ' ' .. op end
  for _, timer in ipairs(change.timers) do redis.call('ZADD', timers, flow.at + timer.delay, member(timer.op)) end
  for _, op in ipairs(change.untimers) do redis.call('ZREM', timers, member(op)) end
end

local function suspend(flow, task, change)
  local waits = waits_key(flow, change.task)
  for _, wait in ipairs(change.waits) do redis.call('HSET', waits, wait.op, wait.group, '#' .. wait.group, wait.size) end
  for _, name in ipairs(change.listens) do
    redis.call('HSET', waits, '$' .. name, '$' .. name, '#$' .. name, 1)
    local listeners = redis.call('HGET', flow.head, 'listen:' .. name) or ''
    if not string.find(' ' .. listeners .. ' ', ' ' .. change.task .. ' ', 1, true) then
      redis.call('HSET', flow.head, 'listen:' .. name, listeners == '' and change.task or listeners .. ' ' .. change.task)
    end
  end
  task.state = 'waiting'
end

-- The task has ended: tell the one that waits for it; the root's end is the workflow's.
local function finish(flow, task, change, state, version)
  task.state = state
  if state == 'failed' then task.wokenAt = flow.version end
  flow.open = flow.open - 1
  local caller = flow.task[task.returnTask]
  if caller and state ~= 'cancelled' then
    wake(flow, task.returnTask, caller, task.returnOp, version, state == 'failed')
  elseif task.returnTask == '-' and state == 'completed' then
    flow.status = 'completed'
  elseif task.returnTask == '-' and state == 'failed' then
    flow.parked = flow.parked + 1
    flow.status = 'parked'
  end
end

local release = {
  completed = function(flow, task, change, version) finish(flow, task, change, 'completed', version) end,
  failed = function(flow, task, change, version) finish(flow, task, change, 'failed', version) end,
  cancelled = function(flow, task, change, version)
    finish(flow, task, change, 'cancelled', version)
    finish_cancelling(flow)
  end,
  ['handed-off'] = function(flow, task)
    task.state = 'completed'
    flow.open = flow.open - 1
  end,
  suspended = function(flow, task, change) suspend(flow, task, change) end,
  parked = function(flow, task) park(flow, task) end,
  queued = function(flow, task, change) queue(flow, change.task, task) end,
}

-- The event that tells the caller: TaskCompleted or TaskFailed of the task itself.
local function write_events(flow, task, change)
  local told = flow.version
  for _, event in ipairs(change.events) do
    local version = write_event(flow, task, event)
    if event.task == change.task then told = version end
  end
  return told
end

local function append_one(prefix, change, limit)
  local flow = open_workflow(prefix, change.wf, { change.task })
  local task = flow and flow.task[change.task]
  if not flow then return { 'fenced' } end
  local refused = refusal(flow, task, change, limit)
  if refused then return refused end

  local releases = change.release ~= ''
  if change.release == 'suspended' and is_awake(flow, task, change) then
    table.remove(change.events)
    releases = false
  end
  local caller = releases and task.returnTask ~= '-' and parse_task(redis.call('HGET', flow.head, 't:' .. task.returnTask))
  if caller then flow.task[task.returnTask] = caller end
  touch_all(flow, change, task, caller, releases)

  local woken_at, from = task.wokenAt, flow.version + 1
  local told = write_events(flow, task, change)
  task.appended, task.from, task.to = change.number, from, flow.version
  set_timers(flow, change)
  for _, take in ipairs(change.takes) do redis.call('HSET', flow.head, 'taken:' .. take.name, take.version) end
  if releases then
    let_go(flow, change.task, task)
    if change.release ~= 'queued' then task.crashes = 0 end
    release[change.release](flow, task, change, told)
  end
  if change.dead then dead_letter(flow, change.dead.role, change.dead.task, change.dead.meta) end
  close_workflow(flow)
  return { 'ok', from, task.to, woken_at, releases and 1 or 0 }
end

local function append(keys, args)
  local prefix, limit = prefix_of(keys[1]), tonumber(args[1])
  local next, more = reader(args, 2)
  local replies = {}
  while more() do replies[#replies + 1] = append_one(prefix, parse_change(next), limit) end
  return replies
end
