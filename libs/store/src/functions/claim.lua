-- claim: a worker takes tasks that were delivered to it, each decided by itself (S2, S4, S5).
--
-- KEYS   1 feed of the partition
-- ARGV   1 worker   2 its beat   3 inbox   4 consumer group, then for each claim a line of words:
--        '<wf> <task> <dispatch> <claim> <id of the message> <the attempt's deadline from now, unit ms>'
-- REPLY  for each claim {'ok', epoch, version, mode, tenant, type, TaskStarted's version, the log's entry of its
--        TaskScheduled, what follows an uncaught failure, '<tasks> <events>' that it may come to or ''}
--        | {'taken'} the message is removed | {'unregistered'} the worker must send a heartbeat first | {'newer', layout}

local function parse_claims(args)
  local claims = {}
  for at = 5, #args do
    local wf, task, dispatch, token, message, deadline = string.match(args[at], '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
    claims[#claims + 1] = {
      wf = wf, task = task, dispatch = dispatch, token = token, message = message, deadline = deadline,
      further = ABOUT,
    }
  end
  return claims
end

local function granted(flow, task)
  local scheduled = redis.call('XRANGE', flow.log, task.born .. '-0', task.born .. '-0')
  return { 'ok', task.epoch, flow.version, task.mode, flow.tenant, flow.type, task.from, scheduled[1], flow.policy or 'park', flow.limits or '' }
end

local function grant(flow, task, claim, by)
  local worker = by.worker
  task.state, task.claim, task.worker, task.beat = 'running', claim.token, worker, by.beat
  task.deadline = plus(claim.deadline, by.leaseClock)
  task.epoch, task.appended = plus(task.epoch, 1), '0'
  task.from = record(flow, 'TaskStarted ' .. claim.task .. ' 0', task.epoch, string.format(
    '{"worker":"%s","claim":"%s","dispatch":%s,"alone":%s}\n', worker, claim.token, claim.dispatch, tostring(must_be_alone(task))))
  task.to = task.from
end

-- The tasks are held from now on, and their attempts have their deadlines.
local function hold(prefix, flows, taken, worker)
  local held, deadlines = {}, {}
  for at, claim in ipairs(taken) do
    local flow, member = flows[claim.wf], claim.wf .. ' ' .. claim.task
    held[at] = member
    deadlines[2 * at - 1], deadlines[2 * at] = flow.at + claim.deadline, member .. ' !' .. flow.task[claim.task].epoch
  end
  in_chunks('SADD', prefix .. key.held .. worker, held)
  in_chunks('ZADD', prefix .. key.timers, deadlines)
end

-- What is to be answered; a message whose claim is decided is no longer wanted.
local function claim_one(flow, claim, by, decided, taken)
  local task = flow and flow.task[claim.task]
  if task and task.claim == claim.token and task.state == 'running' then return granted(flow, task) end
  decided[#decided + 1] = claim.message
  if not task or task.state ~= 'queued' or task.dispatch ~= claim.dispatch then return { 'taken' } end
  grant(flow, task, claim, by)
  taken[#taken + 1] = claim
  return granted(flow, task)
end

local function touch_all(prefix, flows, inbox, worker)
  local keys = { inbox, prefix .. key.timers, prefix .. key.clock, prefix .. key.workers, prefix .. key.held .. worker }
  for _, flow in pairs(flows) do keys[#keys + 1] = flow.log end
  be_sure_of(prefix, unpack(keys))
end

local function claim(keys, args)
  local prefix, worker, claims = prefix_of(keys[1]), args[1], parse_claims(args)
  local inbox, group = prefix .. key.inbox .. args[3], args[4]
  local is_registered = redis.call('ZSCORE', prefix .. key.workers, worker)
  local flows, newer, now = open_workflows(prefix, claims)
  touch_all(prefix, flows, inbox, worker)
  local by = { worker = worker, beat = args[2], leaseClock = lease_clock(prefix, now) }

  local replies, decided, taken = {}, {}, {}
  for at, each in ipairs(claims) do
    replies[at] = not is_registered and { 'unregistered' } or newer[each.wf] and { 'newer', newer[each.wf] }
      or claim_one(flows[each.wf], each, by, decided, taken)
  end
  hold(prefix, flows, taken, worker)
  if #decided > 0 then
    redis.call('XACK', inbox, group, unpack(decided))
    redis.call('XDEL', inbox, unpack(decided))
  end
  close_workflows(prefix, flows)
  return replies
end
