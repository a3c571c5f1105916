-- park: a person holds every open task of a workflow, until one sends them on; or its limits do.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 command id   3 meta of WorkflowParked   4 the limits that it went past: it is held only while it has
--        these; empty when a person holds it
-- REPLY  {'ok', version, status} | {'duplicate', version, status} | {'ended', status} | {'unknown'}
--
-- FLAGS  allow-oom

local function park(keys, args)
  local prefix, wf, id, meta, limits = prefix_of(keys[1]), unpack(args, 1, 4)
  local flow = open_workflow(prefix, wf, {})
  if not flow then return { 'unknown' } end
  local repeated = redis.call('HGET', flow.head, 'c:' .. id)
  if repeated then return { 'duplicate', tonumber(repeated), flow.status } end
  local is_past = limits == '' or redis.call('HGET', flow.head, 'limits') == limits
  if not is_past or not can_be_held(flow) then return { 'ended', flow.status } end

  local version = hold(flow, touch_ending(flow).open, meta)
  redis.call('HSET', flow.head, 'c:' .. id, version)
  close_workflow(flow)
  return { 'ok', version, flow.status }
end
