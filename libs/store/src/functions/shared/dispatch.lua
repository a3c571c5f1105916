-- How a task comes to a worker and leaves it. Each takes a task's record and changes it; the caller writes it.

-- A workflow with more open tasks than this is wide.
local WIDE = 64

-- What a wide workflow delivers, and what is delivered in a burst, lies in the bulk lane of the inbox, where it does
-- not stand before the one task of another. Readers take from both lanes in turn.
local function lane_key(flow, task)
  local is_bulk = flow.burst or (flow.open or 0) > WIDE
  return (is_bulk and bulk_key or inbox_key)(flow, task.inbox)
end

-- Delivers a reference to the role's inbox; the payload stays in the log.
local function deliver(flow, id, task)
  local reference = { flow.id, id, task.name, task.dispatch, task.born, must_be_alone(task) and 1 or 0 }
  redis.call('XADD', lane_key(flow, task), '*', 'task', table.concat(reference, ' '))
end

-- Under the next dispatch number, so that no earlier message can be claimed any more (S4).
local function queue(flow, id, task)
  if task.state == 'waiting' then redis.call('UNLINK', waits_key(flow, id)) end
  task.state = 'queued'
  task.dispatch = plus(task.dispatch, 1)
  deliver(flow, id, task)
end

-- Takes it from whoever holds it, when the workflow is closed. The claim stays in the record: it is what a late append
-- is compared with.
local function let_go(flow, id, task)
  local member = flow.id .. ' ' .. id
  flow.left = flow.left or {}
  table.insert(flow.left, { worker = task.worker, member = member, deadline = member .. ' !' .. task.epoch })
end

-- Something addressed to the task happened at `version` (S8). A waiting task goes back to its role when the
-- group of operations that this one belongs to has ended; a failure does not wait for its group.
local function wake(flow, id, task, op, version, failed)
  task.wokenAt = version
  if task.state ~= 'waiting' then return end
  local waits = waits_key(flow, id)
  local group = redis.call('HGET', waits, op)
  if not group then return end
  redis.call('HDEL', waits, op)
  if redis.call('HINCRBY', waits, '#' .. group, -1) > 0 and not failed then return end
  queue(flow, id, task)
end

local function role_of(task) return string.match(task.inbox, '^[^@]+') end

-- What a dead letter of the role is written to: its stream, and the set of roles that have any.
local function dead_keys(prefix, role) return prefix .. key.dead .. role, prefix .. key.dead_roles end

-- Puts a letter among the role's; answers its id.
local function lay_down(prefix, role, ...)
  local dead, roles = dead_keys(prefix, role)
  local letter = redis.call('XADD', dead, '*', ...)
  redis.call('SADD', roles, role)
  return letter
end

-- A dead letter of the role: what a person finds; the head knows where it lies.
local function dead_letter(flow, role, id, meta)
  local about = redis.call('HMGET', flow.head, 'tenant', 'type')
  local letter = lay_down(flow.prefix, role, 'wf', flow.id, 'task', id, 'tenant', about[1], 'type', about[2],
    'version', flow.version, 'at', flow.at, 'meta', meta)
  redis.call('HSET', flow.head, 'dead:' .. id, role .. ' ' .. letter)
end

-- Where the dead letter of a task lies, if it has one: found before the first write, removed after it.
local function letter_of(flow, id)
  local letter = redis.call('HGET', flow.head, 'dead:' .. id)
  if not letter then return nil end
  local role, entry = string.match(letter, '^(%S+) (%S+)$')
  local stream = flow.prefix .. key.dead .. role
  touch(flow, stream)
  return { stream = stream, entry = entry, field = 'dead:' .. id }
end

local function exhume(flow, letters)
  for _, letter in ipairs(letters) do
    redis.call('XDEL', letter.stream, letter.entry)
    redis.call('HDEL', flow.head, letter.field)
  end
end

-- The timer of a workflow's escalation.
local function escalation_of(wf) return wf .. ' - escalate' end

-- The workflow waits for a person from now on; if nobody comes within the time of its policy, that is told. A completed
-- one stays so: what waits is an effect of a call that was no longer wanted, and no policy undoes the rest for it.
local function wait_for_person(flow)
  flow.parked = flow.parked + 1
  if flow.status == 'completed' then return end
  flow.status = 'parked'
  local after = redis.call('HGET', flow.head, 'escalate')
  if after then redis.call('ZADD', flow.prefix .. key.timers, flow.at + string.match(after, '^%d+'), escalation_of(flow.id)) end
end

-- A task waits for a person from now on, and with it its workflow.
local function park_task(flow, task)
  task.state = 'parked'
  task.wokenAt = flow.version
  wait_for_person(flow)
end
