-- resume: a person's decision about tasks that wait for one: parked, failed and never caught, or held by a person.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 command id   3 version of the workflow that the person saw
--        then for each event that says what was decided: task, op, type, meta, data; a task may have several. One
--        without a task (-) sends on every task that is held
-- REPLY  {'ok', version, status} | {'duplicate', version, status} | {'conflict', 'version', version} when
--        something happened to one of these tasks since | {'conflict', task, state} when that task waits for
--        nobody, its state `caught` when whoever waited for it went on | {'unknown'}
--
-- What other tasks do meanwhile is no obstacle: a busy log starves nobody.

local function parse_decisions(args)
  local next, more = reader(args, 4)
  local decisions, ids, is_chosen = {}, {}, {}
  while more() do
    local decision = { task = next(), op = next(), type = next(), meta = next(), data = next() }
    decisions[#decisions + 1] = decision
    if not is_chosen[decision.task] and decision.task ~= '-' then ids[#ids + 1] = decision.task end
    is_chosen[decision.task] = true
  end
  return decisions, ids, is_chosen['-']
end

-- The state that keeps a task from being sent again, if any. A failed one goes together with all that it failed.
local function obstacle(flow, task)
  if not task then return 'unknown' end
  if task.state == 'parked' then return nil end
  if task.state ~= 'failed' or flow.cancelling > 0 and not is_of_rollback(flow, task) then return task.state end
  if task.returnTask == '-' or task.returnTask == ROLLBACK then return nil end
  local caller = flow.task[task.returnTask]
  if not caller or caller.state ~= 'failed' then return 'caught' end
  return nil
end

local function reopen(flow, id, task)
  if task.state == 'parked' or task.returnTask == '-' or task.returnTask == ROLLBACK then wait_no_more(flow) end
  if task.state == 'failed' then flow.open = flow.open + 1 end
  task.crashes = '0'
  queue(flow, id, task)
end

-- Ids of the tasks that a person held, which are sent on.
local function held_tasks(flow)
  local held = {}
  for _, id in ipairs(touch_ending(flow).open) do
    if flow.task[id].state == 'held' then held[#held + 1] = id end
  end
  return held
end

local function send_on(flow, held)
  redis.call('HDEL', flow.head, 'held')
  wait_no_more(flow)
  for _, id in ipairs(held) do queue(flow, id, flow.task[id]) end
end

local function resume(keys, args)
  local prefix = prefix_of(keys[1])
  local wf, id, seen = args[1], args[2], tonumber(args[3])
  local decisions, ids, sends_on = parse_decisions(args)

  local flow, letters = open_workflow(prefix, wf, ids), {}
  if not flow then return { 'unknown' } end
  local repeated = redis.call('HGET', flow.head, 'c:' .. id)
  if repeated then return { 'duplicate', tonumber(repeated), flow.status } end
  if sends_on and redis.call('HEXISTS', flow.head, 'held') == 0 then return { 'conflict', '-', 'not held' } end
  for _, task in ipairs(ids) do
    local state = obstacle(flow, flow.task[task])
    if state then return { 'conflict', task, state } end
    if tonumber(flow.task[task].wokenAt) > seen then return { 'conflict', 'version', flow.version } end
  end
  for _, task in ipairs(ids) do
    touch(flow, keys_of(flow, task, flow.task[task]))
    table.insert(letters, letter_of(flow, task))
  end
  local held = sends_on and held_tasks(flow)

  for _, decision in ipairs(decisions) do
    local version = record(flow, decision.type .. ' ' .. decision.task .. ' ' .. decision.op, 0, decision.meta .. '\n' .. decision.data)
    if decision.task ~= '-' then flow.task[decision.task].wokenAt = version end
    if decision.type == 'RequestCorrected' then redis.call('HSET', flow.head, 'asked:' .. decision.task, version) end
  end
  local decided = flow.version
  for _, task in ipairs(ids) do reopen(flow, task, flow.task[task]) end
  if held then send_on(flow, held) end
  exhume(flow, letters)
  grant_again(flow)
  redis.call('HSET', flow.head, 'c:' .. id, decided)
  close_workflow(flow)
  return { 'ok', decided, flow.status }
end
