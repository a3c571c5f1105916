-- One workflow while a function changes it: read first, checked, then written (S1).
--
--   open_workflow   reads the head
--   touch           reads every further key, so that a slot which is moving stops the function before
--                   its first write and not behind it
--   record          appends one event to the log: the first write of every function
--   close_workflow  writes the head, takes what was let go from its workers, notes an end, and tells the feed
--
-- A function that changes several opens all of them, touches every key, and only then writes: it stops before its
-- first write or not at all.

local LAYOUT = 1

-- Fields of the head that few appends need, the numbers behind the status: read together when first asked for.
local SUMMARY = { 'status', 'tasks', 'open', 'parked', 'committed', 'cancelling' }
-- What a claim answers of a workflow.
local ABOUT = { 'tenant', 'type', 'policy', 'limits' }
local IS_SUMMARY = {}
for at = 1, #SUMMARY do IS_SUMMARY[SUMMARY[at]] = true end
-- Lua can unpack only some thousand values at once.
local CHUNK = 1000
local NONE = {}

-- Whether a later release wrote this head: whoever works off many workflows leaves that one alone (S10).
local function is_newer(prefix, wf)
  local layout = redis.call('HGET', prefix .. key.head .. wf, 'layout')
  return layout and tonumber(layout) > LAYOUT
end

local function take_summary(flow, got, before)
  local read = { got[before + 1] }
  for at = 2, #SUMMARY do
    read[at] = tonumber(got[before + at])
    flow[SUMMARY[at]] = read[at]
  end
  flow.summaryRead, flow.status = read, read[1]
end

local function read_summary(flow)
  take_summary(setmetatable(flow, nil), redis.call('HMGET', flow.head, unpack(SUMMARY)), 0)
end

local UNREAD_SUMMARY = {
  __index = function(flow, name)
    if not IS_SUMMARY[name] then return nil end
    read_summary(flow)
    return flow[name]
  end,
  __newindex = function(flow, name, value)
    if IS_SUMMARY[name] then read_summary(flow) end
    rawset(flow, name, value)
  end,
}

local function task_of(flow, id)
  if id ~= '-' and not flow.task[id] then
    flow.task[id] = parse_task(flow.head, id, redis.call('HGET', flow.head, 't:' .. id))
  end
  return flow.task[id]
end

-- Reads a head with one of its tasks; with `further` fields, the whole task and these as well.
-- Answers nil and, when a later release wrote it, its layout. `first` is the version of the first event that this call records.
local function read_workflow(prefix, wf, id, now, further)
  local head = prefix .. key.head .. wf
  local got = further and redis.call('HMGET', head, 'layout', 'version', 't:' .. id, 'd:' .. id, unpack(further))
    or redis.call('HMGET', head, 'layout', 'version', 't:' .. id)
  if not got[1] then return be_sure_of(prefix, head) end
  if tonumber(got[1]) > LAYOUT then return nil, got[1] end
  local flow = {
    prefix = prefix, id = wf, head = head, log = prefix .. key.log .. wf, at = now, version = got[2], first = false, left = false,
    task = { [id] = parse_task(head, id, got[3], got[4]) },
  }
  if further == SUMMARY then
    take_summary(flow, got, 4)
    return flow
  end
  if further == ABOUT then flow.tenant, flow.type, flow.policy, flow.limits = got[5], got[6], got[7], got[8] end
  return setmetatable(flow, UNREAD_SUMMARY)
end

local function open_workflow(prefix, wf, tasks)
  local flow, newer = read_workflow(prefix, wf, tasks[1] or '-', plus(now_ms(prefix), 0))
  if newer then return error({ err = 'LAYOUT ' .. newer .. ' is newer than this library knows' }) end
  for at = 2, flow and #tasks or 0 do task_of(flow, tasks[at]) end
  return flow
end

-- Opens the workflow of each item, with the fields that it wants `further`; items of one workflow share it, with the
-- tasks of all of them.
-- Answers the workflows by their ids, the layouts of those that a later release wrote, and the time.
local function open_workflows(prefix, items)
  local now, flows, newer = plus(now_ms(prefix), 0), {}, {}
  for _, item in ipairs(items) do
    local wf, flow = item.wf, flows[item.wf]
    if flow then task_of(flow, item.task) else flows[wf], newer[wf] = read_workflow(prefix, wf, item.task, now, item.further) end
  end
  return flows, newer, now
end

local function waits_key(flow, id) return flow.prefix .. key.waits .. flow.id .. ':' .. id end
local function held_key(flow, worker) return flow.prefix .. key.held .. worker end
local function inbox_key(flow, inbox) return flow.prefix .. key.inbox .. inbox end

local function bulk_key(flow, inbox) return inbox_key(flow, inbox) .. BULK end

local function touch(flow, ...)
  be_sure_of(flow.prefix, flow.head, flow.log, flow.prefix .. key.ended, ...)
end

-- What a task's own keys are, for `touch`.
local function keys_of(flow, id, task)
  return flow.prefix .. key.timers, waits_key(flow, id), held_key(flow, task.worker), inbox_key(flow, task.inbox),
    bulk_key(flow, task.inbox)
end

-- An entry of the log is one text: '<type> <task> <op> <epoch> <at> <meta>', a newline, the body. `event` is its first
-- three words; the task of an event of the workflow is -. `content` is what stands behind the time.
local function record(flow, event, epoch, content)
  local version = plus(flow.version, 1)
  redis.call('XADD', flow.log, version .. '-0', 'event', event .. ' ' .. epoch .. ' ' .. flow.at .. ' ' .. content)
  flow.version, flow.first = version, flow.first or version
  return version
end

local function tell_feed(prefix, grown) redis.call('XADD', prefix .. key.feed, '*', 'logs', grown) end

local function set(fields, name, value) fields[#fields + 1], fields[#fields + 2] = name, value end

-- The fields that changed, with their values.
local function changes_of(flow)
  local fields = flow.first and { 'version', flow.version } or {}
  for id, task in pairs(flow.task) do
    local text, delivery = texts_of(task)
    if text then set(fields, 't:' .. id, text) end
    if delivery then set(fields, 'd:' .. id, delivery) end
  end
  if rawget(flow, 'status') then
    for at, name in ipairs(SUMMARY) do
      if flow[name] ~= flow.summaryRead[at] then set(fields, name, flow[name]) end
    end
  end
  return fields
end

local function in_chunks(command, name, values)
  for from = 1, #values, CHUNK do
    redis.call(command, name, unpack(values, from, math.min(from + CHUNK - 1, #values)))
  end
end

local function be_sure_of_all(prefix, keys)
  for from = 1, #keys, CHUNK do be_sure_of(prefix, unpack(keys, from, math.min(from + CHUNK - 1, #keys))) end
end

-- Tasks that were let go are held no longer, and their attempts have no deadline.
local function forget_held(prefix, flows)
  local deadlines, held = {}, {}
  for _, flow in pairs(flows) do
    for _, left in ipairs(flow.left or NONE) do
      held[left.worker] = held[left.worker] or {}
      table.insert(held[left.worker], left.member)
      table.insert(deadlines, left.deadline)
    end
  end
  for worker, members in pairs(held) do in_chunks('SREM', prefix .. key.held .. worker, members) end
  in_chunks('ZREM', prefix .. key.timers, deadlines)
end

-- Nothing more happens of itself in these: from then on the time counts after which a workflow is retired.
local HAS_ENDED = { completed = true, failed = true, cancelled = true }

-- Whichever function it was that ended workflows, or that had one go on after its end.
local function note_ends(prefix, flows)
  local ended, reopened = {}, {}
  for wf, flow in pairs(flows) do
    if rawget(flow, 'status') then
      local was, is = HAS_ENDED[flow.summaryRead[1]], HAS_ENDED[flow.status]
      if is and not was then set(ended, flow.at, wf) end
      if was and not is then reopened[#reopened + 1] = wf end
    end
  end
  in_chunks('ZADD', prefix .. key.ended, ended)
  in_chunks('ZREM', prefix .. key.ended, reopened)
end

-- Closes what a function changed, with one command for what is common to all; the feed gets one entry.
local function close_workflows(prefix, flows)
  local grown = {}
  for wf, flow in pairs(flows) do
    in_chunks('HSET', flow.head, changes_of(flow))
    if flow.first then grown[#grown + 1] = wf .. ' ' .. flow.first .. ' ' .. flow.version end
  end
  forget_held(prefix, flows)
  note_ends(prefix, flows)
  if #grown > 0 then tell_feed(prefix, table.concat(grown, ' ')) end
end

local function close_workflow(flow) close_workflows(flow.prefix, { [flow.id] = flow }) end
