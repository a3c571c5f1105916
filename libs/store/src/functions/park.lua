-- park: a person holds every open task of a workflow, until one sends them on.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 command id   3 meta of WorkflowParked
-- REPLY  {'ok', version, status} | {'duplicate', version, status} | {'ended', status} | {'unknown'}
--
-- FLAGS  allow-oom
--
-- What waits for a person already goes on waiting for that person; the rest is `held`. What is addressed to it
-- meanwhile is kept in the log, and found when the task goes on.

local function hold(flow, id, task)
  if task.state == 'parked' then return end
  if task.state == 'running' then let_go(flow, id, task) end
  if task.state == 'waiting' then redis.call('UNLINK', waits_key(flow, id)) end
  task.state = 'held'
end

local function park(keys, args)
  local prefix, wf, id, meta = prefix_of(keys[1]), unpack(args, 1, 3)
  local flow = open_workflow(prefix, wf, {})
  if not flow then return { 'unknown' } end
  local repeated = redis.call('HGET', flow.head, 'c:' .. id)
  if repeated then return { 'duplicate', tonumber(repeated), flow.status } end
  if flow.open == 0 or ENDED[flow.status] or redis.call('HEXISTS', flow.head, 'held') == 1 then return { 'ended', flow.status } end
  local open = touch_ending(flow).open

  local version = record(flow, 'WorkflowParked - 0', 0, meta .. '\n')
  for _, task in ipairs(open) do hold(flow, task, flow.task[task]) end
  wait_for_person(flow)
  redis.call('HSET', flow.head, 'c:' .. id, version, 'held', version)
  close_workflow(flow)
  return { 'ok', version, flow.status }
end
