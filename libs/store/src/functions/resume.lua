-- resume: a person's decision about tasks that wait for one: parked, or failed and never caught.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 command id   3 version of the workflow that the person saw
--        then for each task: task, op, type, meta and data of the event that says what was decided
-- REPLY  {'ok', version, status} | {'duplicate', version, status} | {'conflict', 'version', version} when
--        the workflow changed since | {'conflict', task, state} when it waits for nobody | {'unknown'}

local function parse_decisions(args)
  local next, more = reader(args, 4)
  local decisions, ids = {}, {}
  while more() do
    local decision = { task = next(), op = next(), type = next(), meta = next(), data = next() }
    decisions[#decisions + 1], ids[#ids + 1] = decision, decision.task
  end
  return decisions, ids
end

local function reopen(flow, id, task)
  if task.state == 'parked' or task.returnTask == '-' then flow.parked = flow.parked - 1 end
  if task.state == 'failed' then flow.open = flow.open + 1 end
  task.crashes, task.alone = 0, 0
  queue(flow, id, task)
end

-- A dead letter that is sent again is not dead any more.
local function exhume(flow, id)
  local letter = redis.call('HGET', flow.head, 'dead:' .. id)
  if not letter then return end
  local role, entry = string.match(letter, '^(%S+) (%S+)$')
  redis.call('XDEL', flow.prefix .. key.dead .. role, entry)
  redis.call('HDEL', flow.head, 'dead:' .. id)
end

local function resume(keys, args)
  local prefix = prefix_of(keys[1])
  local wf, id, seen = args[1], args[2], tonumber(args[3])
  local decisions, ids = parse_decisions(args)

  local flow = open_workflow(prefix, wf, ids)
  if not flow then return { 'unknown' } end
  local repeated = redis.call('HGET', flow.head, 'c:' .. id)
  if repeated then return { 'duplicate', tonumber(repeated), flow.status } end
  if flow.version ~= seen then return { 'conflict', 'version', flow.version } end
  for _, task in ipairs(ids) do
    local state = flow.task[task] and flow.task[task].state or 'unknown'
    if state ~= 'parked' and state ~= 'failed' then return { 'conflict', task, state } end
    local role = role_of(flow.task[task])
    touch(flow, prefix .. key.dead .. role, keys_of(flow, task, flow.task[task]))
  end

  for _, decision in ipairs(decisions) do
    local task = flow.task[decision.task]
    task.wokenAt = record(flow, decision.type, decision.task, decision.op, 0, decision.meta, decision.data)
    reopen(flow, decision.task, task)
    exhume(flow, decision.task)
  end
  if flow.parked == 0 then flow.status = flow.cancelling == 1 and 'cancelling' or 'running' end
  redis.call('HSET', flow.head, 'c:' .. id, flow.version)
  close_workflow(flow)
  return { 'ok', flow.version, flow.status }
end
