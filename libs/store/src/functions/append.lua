-- append: what tasks did, each under its claim (S2) and its append number (S3), each decided by itself.
--
-- KEYS   1 feed of the partition
-- ARGV   1 limit of tasks a workflow, then any number of appends. Each is a line of words, and lines for what
--        belongs to it; a body stands behind its line, by itself:
--          'append <wf> <task> <claim> <number> <readUpTo> <release>'
--            release: record | completed | failed | handed-off | suspended | parked | queued | cancelled
--          'event <type> <task> <op>' meta data                  task: - for an event of the workflow
--          'deliver <inbox> <name> <returnTask> <returnOp>'      the task of the event before, to its role
--          'timer <op> <delayMs>'                                'untimer <op>'
--          'field <expected> <name>'                             written by the event before; -1 expects nothing
--          'take <version> <name>'                               a signal, oldest first
--          'wait <op> <group> <size>'                            'listen <name>': what a suspended task waits for
--          'dead <role> <task>' meta                             where the failure began is dead-lettered
-- REPLY  for each append {'ok' | 'duplicate', from, to, wokenAt, released 0 | 1}
--        | {'fenced'} | {'rewound', last number} | {'conflict', what, version} | {'limit', tasks} | {'newer', layout}
--
-- FLAGS  allow-oom
--
-- What has begun may end when memory is short: only start, claim, signal, resume and reserve are refused then.
--
-- A task that suspends is answered released 0 when something addressed to it came after `readUpTo` (S8): its
-- events are recorded, all but the last, its TaskSuspended.

local INTENTS = { EffectIntended = 1, EffectCommitted = -1, EffectAdopted = -1, EffectNotPerformed = -1, EffectRejected = -1 }

-- Most appends have events alone.
local NONE = {}

local function new_change(words)
  local wf, task, claim, number, read_up_to, release = string.match(words, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
  return {
    wf = wf, task = task, claim = claim, number = tonumber(number), readUpTo = tonumber(read_up_to), release = release,
    events = {}, deliveries = 0, timers = NONE, untimers = NONE, fields = NONE, takes = NONE, waits = NONE, listens = NONE,
  }
end

local function add(change, list, item)
  if change[list] == NONE then change[list] = {} end
  table.insert(change[list], item)
end

local parse_line = {
  event = function(change, words, next)
    local type, task, op = string.match(words, '^(%S+) (%S+) (%S+)$')
    change.events[#change.events + 1] = { type = type, task = task, op = op, meta = next(), data = next() }
  end,
  deliver = function(change, words)
    local inbox, name, task, op = string.match(words, '^(%S+) (%S+) (%S+) (%S+)$')
    change.events[#change.events].deliver = { inbox = inbox, name = name, returnTask = task, returnOp = tonumber(op) }
    change.deliveries = change.deliveries + 1
  end,
  timer = function(change, words)
    local op, delay = string.match(words, '^(%S+) (%S+)$')
    add(change, 'timers', { op = op, delay = tonumber(delay) })
  end,
  untimer = function(change, op) add(change, 'untimers', op) end,
  field = function(change, words)
    local expected, name = string.match(words, '^(%S+) (.+)$')
    add(change, 'fields', { name = name, expected = tonumber(expected), event = #change.events })
  end,
  take = function(change, words)
    local version, name = string.match(words, '^(%S+) (.+)$')
    add(change, 'takes', { name = name, version = tonumber(version) })
  end,
  wait = function(change, words)
    local op, group, size = string.match(words, '^(%S+) (%S+) (%S+)$')
    add(change, 'waits', { op = op, group = group, size = size })
  end,
  listen = function(change, name) add(change, 'listens', name) end,
  dead = function(change, words, next)
    local role, task = string.match(words, '^(%S+) (%S+)$')
    change.dead = { role = role, task = task, meta = next() }
  end,
}

local function parse_changes(args)
  local next, more = reader(args, 2)
  local changes = {}
  while more() do
    local kind, words = string.match(next(), '^(%S+) (.*)$')
    if kind == 'append' then
      changes[#changes + 1] = new_change(words)
    else
      parse_line[kind](changes[#changes], words, next)
    end
  end
  return changes
end

-- The refusal that the head gives to this change, if any.
local function refusal(flow, task, change, limit)
  if not task or task.claim ~= change.claim then return { 'fenced' } end
  if change.number == task.appended and task.appended > 0 then
    return { 'duplicate', task.from, task.to, task.wokenAt, task.state == 'running' and 0 or 1 }
  end
  if change.number ~= task.appended + 1 then return { 'rewound', task.appended } end
  if task.state ~= 'running' then return { 'fenced' } end
  if change.deliveries > 0 and flow.tasks + change.deliveries > limit then return { 'limit', limit } end
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

-- Adds every key that this change may write besides head and feed.
local function add_keys(keys, flow, change)
  local task = flow.task[change.task]
  local function add_all(...)
    for _, name in ipairs({ ... }) do keys[#keys + 1] = name end
  end
  keys[#keys + 1], keys[#keys + 2] = flow.head, flow.log
  if task and change.release ~= 'record' then
    local caller = task_of(flow, task.returnTask)
    add_all(keys_of(flow, change.task, task))
    if caller then add_all(keys_of(flow, task.returnTask, caller)) end
  end
  if change.timers ~= NONE or change.untimers ~= NONE then add_all(flow.prefix .. key.timers) end
  if change.dead then add_all(flow.prefix .. key.dead .. change.dead.role) end
  if change.deliveries == 0 then return end
  for _, event in ipairs(change.events) do
    if event.deliver then add_all(inbox_key(flow, event.deliver.inbox)) end
  end
end

local function touch_all(prefix, flows, changes)
  local keys = {}
  for _, change in ipairs(changes) do
    if flows[change.wf] then add_keys(keys, flows[change.wf], change) end
  end
  for from = 1, #keys, CHUNK do be_sure_of(prefix, unpack(keys, from, math.min(from + CHUNK - 1, #keys))) end
end

local function write_event(flow, task, event)
  local version = record(flow, event.type, event.task, event.op, task.epoch, event.meta, event.data)
  task.intents = task.intents + (INTENTS[event.type] or 0)
  if event.type == 'EffectCommitted' then flow.committed = flow.committed + 1 end
  if event.deliver then
    local to = event.deliver
    local child = new_task(to.inbox, to.name, to.returnTask, to.returnOp, version)
    flow.task[event.task] = child
    flow.tasks, flow.open = flow.tasks + 1, flow.open + 1
    deliver(flow, event.task, child)
  end
  return version
end

local function write_fields(flow, change, from)
  for _, field in ipairs(change.fields) do
    redis.call('HSET', flow.head, 'f:' .. field.name, from + field.event - 1)
  end
  for _, take in ipairs(change.takes) do redis.call('HSET', flow.head, 'taken:' .. take.name, take.version) end
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
local function finish(flow, task, state, version)
  task.state = state
  if state == 'failed' then task.wokenAt = flow.version end
  flow.open = flow.open - 1
  local caller = task_of(flow, task.returnTask)
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
  completed = function(flow, task, change, version) finish(flow, task, 'completed', version) end,
  failed = function(flow, task, change, version) finish(flow, task, 'failed', version) end,
  cancelled = function(flow, task, change, version)
    finish(flow, task, 'cancelled', version)
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

local function append_one(flow, change, limit)
  local task = flow and flow.task[change.task]
  local refused = refusal(flow, task, change, limit)
  if refused then return refused end

  local releases = change.release ~= 'record'
  if change.release == 'suspended' and is_awake(flow, task, change) then
    table.remove(change.events)
    releases = false
  end
  local woken_at, from = task.wokenAt, flow.version + 1
  local told = write_events(flow, task, change)
  task.appended, task.from, task.to = change.number, from, flow.version
  set_timers(flow, change)
  write_fields(flow, change, from)
  if releases then
    let_go(flow, change.task, task)
    if change.release ~= 'queued' then task.crashes = 0 end
    release[change.release](flow, task, change, told)
  end
  if change.dead then dead_letter(flow, change.dead.role, change.dead.task, change.dead.meta) end
  return { 'ok', from, task.to, woken_at, releases and 1 or 0 }
end

local function append(keys, args)
  local prefix, limit = prefix_of(keys[1]), tonumber(args[1])
  local changes, replies = parse_changes(args), {}
  local flows, newer = open_workflows(prefix, changes)
  touch_all(prefix, flows, changes)
  for at, change in ipairs(changes) do
    replies[at] = newer[change.wf] or append_one(flows[change.wf], change, limit)
  end
  close_workflows(prefix, flows)
  return replies
end
