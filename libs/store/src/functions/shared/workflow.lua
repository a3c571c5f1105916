-- One workflow while a function changes it: read first, checked, then written (S1).
--
--   open_workflow   reads the head
--   touch           reads every further key, so that a slot which is moving stops the function before
--                   its first write and not behind it
--   record          appends one event to the log: the first write of every function
--   close_workflow  writes the head and tells the feed

local LAYOUT = 1

-- Fields of the head that a function may change, the numbers first.
local COUNTERS = { 'version', 'tasks', 'open', 'parked', 'committed', 'cancelling' }
-- Lua can unpack only some thousand values at once.
local CHUNK = 1000

-- Whether a later release wrote this head: whoever works off many workflows leaves that one alone (S10).
local function is_newer(prefix, wf)
  local layout = redis.call('HGET', prefix .. key.head .. wf, 'layout')
  return layout and tonumber(layout) > LAYOUT
end

local function open_workflow(prefix, wf, tasks)
  local head, fields = prefix .. key.head .. wf, { 'layout', 'status', unpack(COUNTERS) }
  local others = #fields
  for at = 1, math.min(#tasks, CHUNK) do fields[others + at] = 't:' .. tasks[at] end
  local got = redis.call('HMGET', head, unpack(fields))
  if not got[1] then return nil end
  if tonumber(got[1]) > LAYOUT then return error({ err = 'LAYOUT ' .. got[1] .. ' is newer than this library knows' }) end

  local flow = { prefix = prefix, id = wf, head = head, log = prefix .. key.log .. wf, task = {}, at = now_ms(prefix) }
  flow.before = { status = got[2] }
  for at, name in ipairs(COUNTERS) do flow.before[name] = tonumber(got[2 + at]) end
  for name, value in pairs(flow.before) do flow[name] = value end
  for at, id in ipairs(tasks) do
    flow.task[id] = parse_task(got[others + at] or redis.call('HGET', head, 't:' .. id))
  end
  return flow
end

local function waits_key(flow, id) return flow.prefix .. key.waits .. flow.id .. ':' .. id end
local function held_key(flow, worker) return flow.prefix .. key.held .. worker end
local function inbox_key(flow, inbox) return flow.prefix .. key.inbox .. inbox end

local function touch(flow, ...)
  redis.call('EXISTS', flow.log, ...)
end

-- What a task's own keys are, for `touch`.
local function keys_of(flow, id, task)
  return flow.prefix .. key.timers, waits_key(flow, id), held_key(flow, task.worker), inbox_key(flow, task.inbox)
end

local function record(flow, type, task, op, epoch, meta, data)
  flow.version = flow.version + 1
  redis.call('XADD', flow.log, flow.version .. '-0', 'type', type, 'task', task, 'op', op,
    'epoch', epoch, 'at', flow.at, 'meta', meta, 'data', data)
  return flow.version
end

-- The fields that changed, with their values.
local function changes_of(flow)
  local fields = {}
  local function set(name, value) fields[#fields + 1], fields[#fields + 2] = name, value end
  for _, name in ipairs(COUNTERS) do
    if flow[name] ~= flow.before[name] then set(name, flow[name]) end
  end
  if flow.status ~= flow.before.status then set('status', flow.status) end
  for id, task in pairs(flow.task) do set('t:' .. id, format_task(task)) end
  return fields
end

local function close_workflow(flow)
  local fields = changes_of(flow)
  for from = 1, #fields, CHUNK do
    redis.call('HSET', flow.head, unpack(fields, from, math.min(from + CHUNK - 1, #fields)))
  end
  local before = flow.before.version or 0
  if flow.version > before then
    redis.call('XADD', flow.prefix .. key.feed, '*', 'wf', flow.id, 'from', before + 1, 'to', flow.version)
  end
end
