-- signal: something told to a workflow from outside; kept until a task takes it.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 id of the signal, the sender's   3 name   4 meta   5 payload
-- REPLY  {'ok', version} | {'duplicate', version} | {'ended', status} | {'unknown'}

local function signal(keys, args)
  local prefix = prefix_of(keys[1])
  local wf, id, name = unpack(args, 1, 3)

  local listening = redis.call('HMGET', prefix .. key.head .. wf, 'listen:' .. name, 'signal:' .. id)
  if listening[2] then return { 'duplicate', tonumber(listening[2]) } end
  local listeners = {}
  for task in string.gmatch(listening[1] or '', '[^ ]+') do listeners[#listeners + 1] = task end
  local flow = open_workflow(prefix, wf, listeners)
  if not flow then return { 'unknown' } end
  if flow.status == 'completed' or flow.cancelling > 0 then return { 'ended', flow.status } end
  touch(flow)
  for _, task in ipairs(listeners) do touch(flow, keys_of(flow, task, flow.task[task])) end

  local version = record(flow, 'SignalReceived - 0', 0, args[4] .. '\n' .. args[5])
  for _, task in ipairs(listeners) do wake(flow, task, flow.task[task], '$' .. name, version) end
  redis.call('HSET', flow.head, 'signal:' .. id, version, 'sent:' .. name, version)
  redis.call('HDEL', flow.head, 'listen:' .. name)
  close_workflow(flow)
  return { 'ok', version }
end
