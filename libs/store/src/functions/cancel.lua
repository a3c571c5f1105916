-- cancel: fence every open task of a workflow; those with open effects go back to their roles to settle them.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 command id   3 meta of CancelRequested
-- REPLY  {'ok', version, status} | {'duplicate', version, status} | {'ended', status} | {'unknown'}

local function open_tasks(prefix, wf)
  local ids = {}
  local head = redis.call('HGETALL', prefix .. key.head .. wf)
  for i = 1, #head, 2 do
    local id = string.match(head[i], '^t:(.+)$')
    if id and not ENDED[parse_task(head[i + 1]).state] then ids[#ids + 1] = id end
  end
  table.sort(ids)
  return ids
end

local function cancel_task(flow, id, task)
  fence(flow, id, task)
  if task.intents > 0 then
    task.mode = 'settle'
    queue(flow, id, task)
    return
  end
  redis.call('UNLINK', waits_key(flow, id))
  task.state = 'cancelled'
  flow.open = flow.open - 1
  record(flow, 'TaskCancelled', id, 0, task.epoch, '{}', '')
end

local function cancel(keys, args)
  local prefix = prefix_of(keys[1])
  local wf, id = args[1], args[2]

  local ids = open_tasks(prefix, wf)
  local flow = open_workflow(prefix, wf, ids)
  if not flow then return { 'unknown' } end
  local repeated = redis.call('HGET', flow.head, 'c:' .. id)
  if repeated then return { 'duplicate', tonumber(repeated), flow.status } end
  if flow.cancelling == 1 or flow.status == 'completed' then return { 'ended', flow.status } end
  for _, task in ipairs(ids) do touch(flow, keys_of(flow, task, flow.task[task])) end

  local version = record(flow, 'CancelRequested', '', 0, 0, args[3], '')
  flow.cancelling, flow.parked, flow.status = 1, 0, 'cancelling'
  for _, task in ipairs(ids) do cancel_task(flow, task, flow.task[task]) end
  finish_cancelling(flow)
  redis.call('HSET', flow.head, 'c:' .. id, version)
  close_workflow(flow)
  return { 'ok', version, flow.status }
end
