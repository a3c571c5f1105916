-- append: what tasks did, each under its claim (S2) and its append number (S3), each decided by itself.
--
-- KEYS   1 feed of the partition
-- ARGV   1 limit of tasks a workflow, then any number of appends. Each is a line of words, and lines for what
--        belongs to it:
--          'append <wf> <task> <claim> <number> <readUpTo> <release>'
--            release: record | completed | failed | handed-off | suspended | parked | queued | cancelled
--          'event <type> <task> <op>' content                    task: - for an event of the workflow
--            content: meta, a newline, the body
--          'deliver <inbox> <name> <returnTask> <returnOp>'      the task of the event before, to its role
--          'timer <op> <delayMs>'                                'untimer <op>'
--          'field <expected> <name>'                             written by the event before; -1 expects nothing
--          'cancel <task>'                                       it and what it called is no longer wanted
--          'take <version> <name>'                               a signal, oldest first
--          'wait <op> <group> <size>'                            'listen <name>': what a suspended task waits for
--          'dead <role> <task>' meta                             where the failure began is dead-lettered
--          'limit <tasks>'                                       that this workflow may have; default: argument 1
--          'rollback <version>'                                  the last event begins one, to this version; - undoes nothing
-- REPLY  for each append a line of words: Redis takes as long for a list as for a command.
--          'ok | duplicate <from> <to> <wokenAt> <released: 0 | 1>'
--          'fenced'   'rewound <last number>'   'conflict <version> <what>'   'limit <tasks>'   'newer <layout>'
--
-- FLAGS  allow-oom
--
-- What has begun may end when memory is short: only start, claim, signal, resume and reserve are refused then.
--
-- A task that suspends is answered released 0 when something addressed to it came after `readUpTo` (S8): its
-- events are recorded, all but the last, its TaskSuspended.

local INTENTS = { EffectIntended = 1, EffectCommitted = -1, EffectAdopted = -1, EffectNotPerformed = -1, EffectRejected = -1 }

-- What few appends bring besides their events.
local function also(change)
  if not change.also then
    change.also = { deliveries = {}, timers = {}, untimers = {}, fields = {}, takes = {}, cancels = {}, waits = {}, listens = {} }
  end
  return change.also
end

local parse_line = {
  event = function(change, line, next)
    local words, type, task = string.match(line, '^event ((%S+) (%S+) %S+)$')
    change.events[#change.events + 1] = { words = words, type = type, task = task, content = next() }
  end,
  deliver = function(change, line)
    local inbox, name, task, op = string.match(line, '^deliver (%S+) (%S+) (%S+) (%S+)$')
    local delivery = { inbox = inbox, name = name, returnTask = task, returnOp = op }
    change.events[#change.events].deliver = delivery
    table.insert(also(change).deliveries, delivery)
  end,
  timer = function(change, line)
    local op, delay = string.match(line, '^timer (%S+) (%S+)$')
    table.insert(also(change).timers, { op = op, delay = delay })
  end,
  untimer = function(change, line) table.insert(also(change).untimers, (string.match(line, '^untimer (%S+)$'))) end,
  field = function(change, line)
    local expected, name = string.match(line, '^field (%S+) (.+)$')
    table.insert(also(change).fields, { name = name, expected = tonumber(expected), event = #change.events })
  end,
  cancel = function(change, line) table.insert(also(change).cancels, (string.match(line, '^cancel (%S+)$'))) end,
  take = function(change, line)
    local version, name = string.match(line, '^take (%S+) (.+)$')
    table.insert(also(change).takes, { name = name, version = tonumber(version) })
  end,
  wait = function(change, line)
    local op, group, size = string.match(line, '^wait (%S+) (%S+) (%S+)$')
    table.insert(also(change).waits, { op = op, group = group, size = size })
  end,
  listen = function(change, line) table.insert(also(change).listens, (string.match(line, '^listen (.+)$'))) end,
  dead = function(change, line, next)
    local role, task = string.match(line, '^dead (%S+) (%S+)$')
    also(change).dead = { role = role, task = task, meta = next() }
  end,
  limit = function(change, line) also(change).limit = tonumber(string.match(line, '^limit (%S+)$')) end,
  rollback = function(change, line) also(change).rollback = string.match(line, '^rollback (%S+)$') end,
}

local function new_change(line)
  local wf, task, claim, number, read_up_to, release = string.match(line, '^append (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
  return {
    wf = wf, task = task, claim = claim, number = number, readUpTo = read_up_to, release = release, events = {}, also = false,
    further = release ~= 'record' and SUMMARY,
  }
end

local function parse_changes(args)
  local next, more = reader(args, 2)
  local changes, change = {}, nil
  while more() do
    local line = next()
    local parse = parse_line[string.match(line, '^%a+')]
    if parse then
      parse(change, line, next)
    else
      change = new_change(line)
      changes[#changes + 1] = change
    end
  end
  return changes
end

-- What is against all that a change brings besides its events, if anything.
local function obstacle(flow, also, limit)
  local most = math.min(limit, also.limit or limit)
  if #also.deliveries > 0 and flow.tasks + #also.deliveries > most then return 'limit ' .. most end
  for _, field in ipairs(also.fields) do
    local version = tonumber(redis.call('HGET', flow.head, 'f:' .. field.name) or 0)
    if field.expected >= 0 and version ~= field.expected then return 'conflict ' .. version .. ' ' .. field.name end
  end
  for _, take in ipairs(also.takes) do
    local taken = tonumber(redis.call('HGET', flow.head, 'taken:' .. take.name) or 0)
    if taken >= take.version then return 'conflict ' .. taken .. ' ' .. take.name end
  end
  return nil
end

local function versions_reply(word, task, woken_at, is_released)
  return word .. ' ' .. task.from .. ' ' .. task.to .. ' ' .. woken_at .. (is_released and ' 1' or ' 0')
end

-- The refusal that the head gives to this change, if any.
local function refusal(flow, task, change, limit)
  if not task or task.claim ~= change.claim then return 'fenced' end
  if change.number == task.appended and task.appended ~= '0' then
    return versions_reply('duplicate', task, task.wokenAt, task.state ~= 'running')
  end
  if change.number ~= plus(task.appended, 1) then return 'rewound ' .. task.appended end
  if task.state ~= 'running' then return 'fenced' end
  return change.also and obstacle(flow, change.also, limit)
end

-- Whether something addressed to the task came after what it has read (S8).
local function is_awake(flow, task, change)
  local read_up_to = tonumber(change.readUpTo)
  if tonumber(task.wokenAt) > read_up_to then return true end
  for _, name in ipairs(change.also and change.also.listens or {}) do
    if tonumber(redis.call('HGET', flow.head, 'sent:' .. name) or 0) > read_up_to then return true end
  end
  return false
end

-- Each once: whatever a worker lets go was held in one set.
local function add_all(keys, ...)
  for at = 1, select('#', ...) do
    local name = select(at, ...)
    if not keys[name] then keys[#keys + 1], keys[name] = name, true end
  end
end

local function add_release_keys(keys, flow, change, task)
  local caller = task_of(flow, task.returnTask)
  add_all(keys, held_key(flow, task.worker), flow.prefix .. key.ended)
  if change.release == 'queued' then add_all(keys, inbox_key(flow, task.inbox), bulk_key(flow, task.inbox)) end
  if change.release == 'suspended' then add_all(keys, waits_key(flow, change.task)) end
  if caller then add_all(keys, keys_of(flow, task.returnTask, caller)) end
  if flow.cancelling > 0 or change.also and change.also.rollback then touch_ending(flow) end
end

-- Adds every key that this change may write besides feed and head; that the head is here is known by what was in it.
local function add_keys(keys, flow, change)
  local task = flow.task[change.task]
  add_all(keys, flow.log)
  if task and change.release ~= 'record' then add_release_keys(keys, flow, change, task) end
  if not change.also then return end
  if #change.also.cancels > 0 then touch_ending(flow) end
  if change.also.dead then add_all(keys, dead_keys(flow.prefix, change.also.dead.role)) end
  for _, delivery in ipairs(change.also.deliveries) do
    add_all(keys, inbox_key(flow, delivery.inbox), bulk_key(flow, delivery.inbox))
  end
end

local function touch_all(prefix, flows, changes)
  local keys = { prefix .. key.timers }
  for _, change in ipairs(changes) do
    if flows[change.wf] then add_keys(keys, flows[change.wf], change) end
  end
  be_sure_of_all(prefix, keys)
end

local function write_event(flow, task, event)
  local version = record(flow, event.words, task.epoch, event.content)
  if INTENTS[event.type] then task.intents = plus(task.intents, INTENTS[event.type]) end
  if event.type == 'EffectCommitted' and not is_of_rollback(flow, task) then
    flow.committed = flow.committed + 1
    redis.call('HSET', flow.head, 'e:' .. version, event.task)
  end
  if event.deliver then
    local to = event.deliver
    local child = new_task(to.inbox, to.name, to.returnTask, to.returnOp, version)
    if is_of_rollback(flow, task) then child.mode = 'undo' end
    flow.task[event.task] = child
    flow.tasks, flow.open = flow.tasks + 1, flow.open + 1
    deliver(flow, event.task, child)
  end
  return version
end

local function write_fields(flow, also, from)
  for _, field in ipairs(also.fields) do
    redis.call('HSET', flow.head, 'f:' .. field.name, from + field.event - 1)
  end
  for _, take in ipairs(also.takes) do redis.call('HSET', flow.head, 'taken:' .. take.name, take.version) end
end

local function set_timers(flow, also, task)
  local timers = flow.prefix .. key.timers
  local function member(op) return flow.id .. ' ' .. task .. ' ' .. op end
  for _, timer in ipairs(also.timers) do redis.call('ZADD', timers, flow.at + timer.delay, member(timer.op)) end
  for _, op in ipairs(also.untimers) do redis.call('ZREM', timers, member(op)) end
end

-- The ids of what a task called begin with its own.
local function is_within(id, root) return id == root or string.sub(id, 1, #root + 1) == root .. '.' end

-- One that waits for a person waits no more, and leaves no letter.
local function withdraw(flow, id, task)
  if task.state == 'parked' then
    exhume(flow, letters_of(flow, { id }))
    wait_no_more(flow)
  end
  fence(flow, id, task)
end

local function cancel_calls(flow, change)
  for _, root in ipairs(change.also.cancels) do
    for _, id in ipairs(open_tasks(flow)) do
      if is_within(id, root) then withdraw(flow, id, flow.task[id]) end
    end
  end
end

local function suspend(flow, task, change)
  task.state = 'waiting'
  if not change.also then return end
  local waits = waits_key(flow, change.task)
  for _, wait in ipairs(change.also.waits) do redis.call('HSET', waits, wait.op, wait.group, '#' .. wait.group, wait.size) end
  for _, name in ipairs(change.also.listens) do
    redis.call('HSET', waits, '$' .. name, '$' .. name, '#$' .. name, 1)
    local listeners = redis.call('HGET', flow.head, 'listen:' .. name) or ''
    if not string.find(' ' .. listeners .. ' ', ' ' .. change.task .. ' ', 1, true) then
      redis.call('HSET', flow.head, 'listen:' .. name, listeners == '' and change.task or listeners .. ' ' .. change.task)
    end
  end
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
  elseif task.returnTask == ROLLBACK and state == 'completed' then
    flow.committed = flow.committed - redis.call('HDEL', flow.head, 'e:' .. task.returnOp)
  end
end

-- What follows when nobody is left who could catch the failure.
local function go_on_failed(flow, task, change)
  if task.returnTask ~= '-' and task.returnTask ~= ROLLBACK then return end
  local upTo = change.also and change.also.rollback
  if upTo then begin_ending(flow, ENDS_FAILED, upTo, flow.version) else wait_for_person(flow) end
end

local release = {
  completed = function(flow, task, change, version)
    finish(flow, task, 'completed', version)
    go_on_ending(flow)
  end,
  failed = function(flow, task, change, version)
    finish(flow, task, 'failed', version)
    go_on_failed(flow, task, change)
  end,
  cancelled = function(flow, task, change, version)
    finish(flow, task, 'cancelled', version)
    go_on_ending(flow)
  end,
  ['handed-off'] = function(flow, task)
    task.state = 'completed'
    flow.open = flow.open - 1
  end,
  suspended = function(flow, task, change) suspend(flow, task, change) end,
  parked = function(flow, task) park_task(flow, task) end,
  queued = function(flow, task, change) queue(flow, change.task, task) end,
}

-- Answers the first version, and that of the event which tells the caller: TaskCompleted or TaskFailed of the task itself.
local function write_events(flow, task, change)
  local first, told
  for _, event in ipairs(change.events) do
    local version = write_event(flow, task, event)
    first = first or version
    if event.task == change.task then told = version end
  end
  return first or plus(flow.version, 1), told
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
  local woken_at, also = task.wokenAt, change.also
  local from, told = write_events(flow, task, change)
  task.appended, task.from, task.to = change.number, from, flow.version
  if also then
    set_timers(flow, also, change.task)
    write_fields(flow, also, from)
    cancel_calls(flow, change)
  end
  if releases then
    let_go(flow, change.task, task)
    if change.release ~= 'queued' then task.crashes = '0' end
    release[change.release](flow, task, change, told)
  end
  if also and also.dead then dead_letter(flow, also.dead.role, also.dead.task, also.dead.meta) end
  return versions_reply('ok', task, woken_at, releases)
end

local function append(keys, args)
  local prefix, limit = prefix_of(keys[1]), tonumber(args[1])
  local changes, replies = parse_changes(args), {}
  local flows, newer = open_workflows(prefix, changes)
  touch_all(prefix, flows, changes)
  for at, change in ipairs(changes) do
    local layout = newer[change.wf]
    replies[at] = layout and 'newer ' .. layout or append_one(flows[change.wf], change, limit)
  end
  close_workflows(prefix, flows)
  return replies
end
