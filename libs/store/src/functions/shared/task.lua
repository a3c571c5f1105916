-- A task's record: one field `t:<task>` of the head, its values in this order, separated by a space.

local TASK_FIELDS = {
  'state',      -- queued | running | waiting | parked | completed | failed | cancelled
  'mode',       -- run, or settle: only the outcome of its open effects is still wanted
  'inbox',      -- <role>@<major>
  'name',       -- of its contract
  'returnTask', -- the task that waits for its outcome; - for a root
  'returnOp',   -- the operation of that task
  'born',       -- version of its TaskScheduled
  'dispatch',   -- counts deliveries; only the last one can be claimed (S4)
  'epoch',      -- counts claims, for people and for providers that can fence
  'claim',      -- the fencing token (S2); - before the first claim
  'worker',     -- who claimed it; - before the first claim
  'beat',       -- the worker's beat at the claim (S6)
  'crashes',    -- crashes of its processes in a row, without a release in between
  'appended',   -- number of the last append under this claim (S3)
  'from',       -- versions of that append, for its repeat
  'to',
  'wokenAt',    -- version of the last event addressed to it (S8)
  'intents',    -- effects begun and without an outcome
}
local PATTERN = '^' .. ('(%S+) '):rep(#TASK_FIELDS - 1) .. '(%S+)$'

local function parse_task(text)
  if not text then return nil end
  local state, mode, inbox, name, return_task, return_op, born, dispatch, epoch, claim, worker, beat, crashes,
    appended, from, to, woken_at, intents = string.match(text, PATTERN)
  return {
    state = state, mode = mode, inbox = inbox, name = name, returnTask = return_task, returnOp = tonumber(return_op),
    born = tonumber(born), dispatch = tonumber(dispatch), epoch = tonumber(epoch), claim = claim, worker = worker,
    beat = tonumber(beat), crashes = tonumber(crashes), appended = tonumber(appended), from = tonumber(from),
    to = tonumber(to), wokenAt = tonumber(woken_at), intents = tonumber(intents),
  }
end

local function format_task(task)
  local values = {}
  for at, name in ipairs(TASK_FIELDS) do values[at] = task[name] end
  return table.concat(values, ' ')
end

local function new_task(inbox, name, return_task, return_op, born)
  return {
    state = 'queued', mode = 'run', inbox = inbox, name = name, returnTask = return_task, returnOp = return_op,
    born = born, dispatch = 1, epoch = 0, claim = '-', worker = '-', beat = 0, crashes = 0,
    appended = 0, from = 0, to = 0, wokenAt = born, intents = 0,
  }
end

local ENDED = { completed = true, failed = true, cancelled = true }

-- A crash may have its reason in any task that the process held. A task that was in two of them, one after the
-- other, is held alone until it has been released: only then does a crash say something about it.
local SHARED_CRASHES = 2

local function must_be_alone(task) return task.crashes >= SHARED_CRASHES end
local function crashes_alone(task) return math.max(0, task.crashes - SHARED_CRASHES) end
