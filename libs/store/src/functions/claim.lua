-- claim: a worker takes a task that was delivered to it (S2, S4, S5).
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 task   3 dispatch   4 claim   5 worker   6 its beat   7 inbox   8 id of the message
--        9 the attempt's deadline from now, unit ms   10 consumer group
-- REPLY  {'ok', epoch, version, mode, tenant, type, TaskStarted's version} | {'taken'} the message is removed
--        | {'unregistered'} the worker must send a heartbeat first

local function claim(keys, args)
  local prefix = prefix_of(keys[1])
  local wf, id, dispatch, token, worker, beat, inbox, message = unpack(args, 1, 8)
  local deadline_ms, group = tonumber(args[9]), args[10]

  if not redis.call('ZSCORE', prefix .. key.workers, worker) then return { 'unregistered' } end
  local flow = open_workflow(prefix, wf, { id })
  local task = flow and flow.task[id]
  local queue_key = prefix .. key.inbox .. inbox
  local about = flow and redis.call('HMGET', flow.head, 'tenant', 'type')

  if task and task.claim == token and task.state == 'running' then
    return { 'ok', task.epoch, flow.version, task.mode, about[1], about[2], task.from }
  end
  if not task or task.state ~= 'queued' or task.dispatch ~= tonumber(dispatch) then
    redis.call('XACK', queue_key, group, message)
    redis.call('XDEL', queue_key, message)
    return { 'taken' }
  end

  local held = prefix .. key.held .. worker
  touch(flow, prefix .. key.timers, queue_key, held)
  task.state, task.claim, task.worker, task.beat = 'running', token, worker, tonumber(beat)
  task.epoch, task.appended = task.epoch + 1, 0
  task.from = record(flow, 'TaskStarted', id, 0, task.epoch, string.format(
    '{"worker":"%s","claim":"%s","dispatch":%d,"alone":%s}', worker, token, dispatch, tostring(must_be_alone(task))), '')
  task.to = task.from
  redis.call('SADD', held, wf .. ' ' .. id)
  redis.call('ZADD', prefix .. key.timers, flow.at + deadline_ms, wf .. ' ' .. id .. ' !' .. task.epoch)
  redis.call('XACK', queue_key, group, message)
  redis.call('XDEL', queue_key, message)
  close_workflow(flow)
  return { 'ok', task.epoch, flow.version, task.mode, about[1], about[2], task.from }
end
