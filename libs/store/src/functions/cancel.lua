-- cancel: fence every open task of a workflow; those with open effects go back to their roles to settle them.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 command id   3 meta of CancelRequested
-- REPLY  {'ok', version, status} | {'duplicate', version, status} | {'ended', status} | {'unknown'}
--
-- FLAGS  allow-oom

-- Ids of the tasks that have not ended, and of those with a dead letter, each in order.
local function survey(prefix, wf)
  local ids = { open = {}, dead = {} }
  local head = redis.call('HGETALL', prefix .. key.head .. wf)
  for i = 1, #head, 2 do
    local kind, id = string.match(head[i], '^(%a+):(.+)$')
    if kind == 't' and not ENDED[parse_task('', id, head[i + 1]).state] then table.insert(ids.open, id) end
    if kind == 'dead' then table.insert(ids.dead, id) end
  end
  table.sort(ids.open)
  table.sort(ids.dead)
  return ids
end

local function cancel_task(flow, id, task)
  if task.state == 'running' then let_go(flow, id, task) end
  if tonumber(task.intents) > 0 then
    task.mode = 'settle'
    queue(flow, id, task)
    return
  end
  redis.call('UNLINK', waits_key(flow, id))
  task.state = 'cancelled'
  flow.open = flow.open - 1
  record(flow, 'TaskCancelled ' .. id .. ' 0', task.epoch, '{}\n')
end

local function cancel(keys, args)
  local prefix = prefix_of(keys[1])
  local wf, id = args[1], args[2]

  local ids, letters = survey(prefix, wf), {}
  local flow = open_workflow(prefix, wf, ids.open)
  if not flow then return { 'unknown' } end
  local repeated = redis.call('HGET', flow.head, 'c:' .. id)
  if repeated then return { 'duplicate', tonumber(repeated), flow.status } end
  if flow.cancelling == 1 or flow.status == 'completed' then return { 'ended', flow.status } end
  touch(flow)
  for _, task in ipairs(ids.open) do touch(flow, keys_of(flow, task, flow.task[task])) end
  for _, task in ipairs(ids.dead) do table.insert(letters, letter_of(flow, task)) end

  local version = record(flow, 'CancelRequested - 0', 0, args[3] .. '\n')
  flow.cancelling, flow.parked, flow.status = 1, 0, 'cancelling'
  for _, task in ipairs(ids.open) do cancel_task(flow, task, flow.task[task]) end
  exhume(flow, letters)
  finish_cancelling(flow)
  redis.call('HSET', flow.head, 'c:' .. id, version)
  close_workflow(flow)
  return { 'ok', version, flow.status }
end
