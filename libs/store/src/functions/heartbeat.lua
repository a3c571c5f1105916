-- heartbeat: a worker is alive; both sides compare what they believe is held (S5, S6). One without a lease is its last:
-- if it holds nothing, nobody has to look after it any more.
--
-- KEYS   1 feed of the partition
-- ARGV   1 worker   2 beat   3 lease, unit ms   4 crash budget   5 inbox that it reads   6 the order to drain that it
--        follows, '' for none
--        then for each task held or on its way: wf, task, claim ('' while on its way), version read so far
-- REPLY  {lost, woken, wrong, order}: lost and woken are lists of 'wf task' (woken: with its version behind it);
--        wrong is 1 when this worker had been given up although it lives; order is that of a person to drain, or ''
--
-- FLAGS  allow-oom

local function compare(prefix, item, lost, woken)
  local head = prefix .. key.head .. item.wf
  local task = parse_task(head, item.task, redis.call('HGET', head, 't:' .. item.task))
  if not task then be_sure_of(prefix, head) end
  if not task or task.claim ~= item.claim or task.state ~= 'running' then
    lost[#lost + 1] = item.wf .. ' ' .. item.task
  elseif tonumber(task.wokenAt) > item.seen then
    woken[#woken + 1] = item.wf .. ' ' .. item.task .. ' ' .. task.wokenAt
  end
end

-- One that is new here, or was given up, says what it is.
local function enlist(prefix, worker, lease_end, inbox, order)
  local is_new = redis.call('ZADD', prefix .. key.workers, lease_end, worker) == 1
  if not is_new then return end
  redis.call('HSET', prefix .. key.crew, worker, inbox .. ' ' .. now_ms(prefix))
  if order ~= '' then redis.call('HSET', prefix .. key.crew, '!' .. worker, order) end
end

local function heartbeat(keys, args)
  local prefix = prefix_of(keys[1])
  local worker, beat, lease_ms, crash_budget = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  local lost, woken, listed = {}, {}, {}
  be_sure_of(prefix, prefix .. key.timers, prefix .. key.clock, prefix .. key.workers, prefix .. key.given_up,
    prefix .. key.crew, prefix .. key.held .. worker)
  local order = redis.call('HGET', prefix .. key.crew, '!' .. worker) or ''

  local next, more = reader(args, 7)
  while more() do
    local item = { wf = next(), task = next(), claim = next(), seen = tonumber(next()) }
    listed[item.wf .. ' ' .. item.task] = true
    if item.claim ~= '' then compare(prefix, item, lost, woken) end
  end
  for _, member in ipairs(held_by(prefix, worker)) do
    if not listed[member] then
      take_back(prefix, member, worker, 'unlisted', crash_budget, function(task) return tonumber(task.beat) < beat end)
    end
  end
  local wrong = redis.call('ZREM', prefix .. key.given_up, worker)
  local lease_end = advance_lease_clock(prefix) + lease_ms
  if lease_ms == 0 and redis.call('SCARD', prefix .. key.held .. worker) == 0 then
    strike_off(prefix, worker)
  else
    enlist(prefix, worker, lease_end, args[5], args[6])
  end
  return { lost, woken, wrong, order }
end
