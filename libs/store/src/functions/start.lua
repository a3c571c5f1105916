-- start: create a workflow if its id is new, with its root task delivered to its role.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 tenant   3 type   4 digest of type and request   5 root task   6 inbox
--        7 name of its contract   8 meta of WorkflowStarted   9 meta of TaskScheduled   10 the request
--        11 what follows an uncaught failure   12 '<ms> <to>': escalation of a park   13 '<inbox> <name> <meta>': the task
--        after a rollback   14 '<tasks> <events> <ms>': limits; each empty when there is none
-- REPLY  {'ok', version} | {'duplicate', version, status} | {'conflict'} when the id is taken by another request
--
-- A workflow that was retired is known by its tombstone.

local POLICY = { 'policy', 'escalate', 'after', 'allowed' }

local function start(keys, args)
  local prefix = prefix_of(keys[1])
  local wf, tenant, type, digest, root, inbox, name = unpack(args, 1, 7)

  local head, tombstone = prefix .. key.head .. wf, prefix .. key.tombstone .. wf
  local known = redis.call('HMGET', head, 'digest', 'version', 'status')
  if not known[1] then known = redis.call('HMGET', tombstone, 'digest', 'version', 'status') end
  if known[1] and known[1] ~= digest then return { 'conflict' } end
  if known[1] then return { 'duplicate', tonumber(known[2]), known[3] } end

  local flow = { prefix = prefix, id = wf, head = head, log = prefix .. key.log .. wf, at = plus(now_ms(prefix), 0), version = '0' }
  touch(flow, inbox_key(flow, inbox), prefix .. key.workflows, prefix .. key.timers, tombstone)

  record(flow, 'WorkflowStarted - 0', 0, args[8] .. '\n')
  local task = new_task(inbox, name, '-', '0', record(flow, 'TaskScheduled ' .. root .. ' 0', 0, args[9] .. '\n' .. args[10]))
  local text, delivery = texts_of(task)
  deliver(flow, root, task)
  -- Redis looks through a small hash from its begin: first what every append reads.
  redis.call('HSET', head, 'layout', LAYOUT, 'version', flow.version, 't:' .. root, text, 'd:' .. root, delivery,
    'status', 'running', 'tasks', '1', 'open', '1', 'parked', '0', 'committed', '0', 'cancelling', '0',
    'tenant', tenant, 'type', type, 'digest', digest)
  for at, name in ipairs(POLICY) do
    if args[10 + at] ~= '' then redis.call('HSET', head, name, args[10 + at]) end
  end
  if args[14] ~= '' then grant(flow, args[14], 0, 0) end
  redis.call('ZADD', prefix .. key.workflows, flow.at, wf)
  tell_feed(prefix, wf .. ' ' .. flow.first .. ' ' .. flow.version)
  return { 'ok', flow.version }
end
