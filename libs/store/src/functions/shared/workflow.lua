-- One workflow while a function changes it: read first, checked, then written (S1).
--
--   open_workflow   reads the head
--   touch           reads every further key, so that a slot which is moving stops the function before
--                   its first write and not behind it
--   record          appends one event to the log: the first write of every function
--   close_workflow  writes the head and tells the feed

local LAYOUT = 1

local function open_workflow(prefix, wf, tasks)
  local head = prefix .. key.head .. wf
  local got = redis.call('HMGET', head, 'layout', 'version', 'status', 'tasks', 'open', 'parked', 'committed', 'cancelling')
  if not got[1] then return nil end
  if tonumber(got[1]) > LAYOUT then return error({ err = 'LAYOUT ' .. got[1] .. ' is newer than this library knows' }) end
  local flow = {
    prefix = prefix, id = wf, head = head, log = prefix .. key.log .. wf,
    version = tonumber(got[2]), status = got[3], tasks = tonumber(got[4]), open = tonumber(got[5]),
    parked = tonumber(got[6]), committed = tonumber(got[7]), cancelling = tonumber(got[8]), task = {}, at = now_ms(prefix),
  }
  flow.before = flow.version
  for _, id in ipairs(tasks) do flow.task[id] = parse_task(redis.call('HGET', head, 't:' .. id)) end
  return flow
end

local function waits_key(flow, id) return flow.prefix .. key.waits .. flow.id .. ':' .. id end
local function held_key(flow, worker) return flow.prefix .. key.held .. worker end
local function inbox_key(flow, inbox) return flow.prefix .. key.inbox .. inbox end

local function touch(flow, ...)
  redis.call('EXISTS', flow.log, flow.prefix .. key.feed, flow.prefix .. key.timers, ...)
end

-- What a task's own keys are, for `touch`.
local function keys_of(flow, id, task)
  return waits_key(flow, id), held_key(flow, task.worker), inbox_key(flow, task.inbox)
end

local function record(flow, type, task, op, epoch, meta, data)
  flow.version = flow.version + 1
  redis.call('XADD', flow.log, flow.version .. '-0', 'type', type, 'task', task, 'op', op,
    'epoch', epoch, 'at', flow.at, 'meta', meta, 'data', data)
  return flow.version
end

-- Lua can unpack only some thousand values at once.
local CHUNK = 1000

local function close_workflow(flow)
  local fields = { 'version', flow.version, 'status', flow.status, 'tasks', flow.tasks, 'open', flow.open,
    'parked', flow.parked, 'committed', flow.committed, 'cancelling', flow.cancelling }
  for id, task in pairs(flow.task) do
    fields[#fields + 1] = 't:' .. id
    fields[#fields + 1] = format_task(task)
    if #fields >= CHUNK then
      redis.call('HSET', flow.head, unpack(fields))
      fields = { 'version', flow.version }
    end
  end
  redis.call('HSET', flow.head, unpack(fields))
  if flow.version > flow.before then
    redis.call('XADD', flow.prefix .. key.feed, '*', 'wf', flow.id, 'from', flow.before + 1, 'to', flow.version)
  end
end
