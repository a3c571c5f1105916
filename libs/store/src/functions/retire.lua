-- retire: remove workflows that ended long enough ago, each with everything that belongs to it. A tombstone stays for a
-- while: what a repeated start asks for, and the result.
--
-- KEYS   1 feed of the partition
-- ARGV   1 time since the end   2 life of a tombstone; 0 leaves none   3 time after which one that has to stay is looked
--        at again; all unit ms, then for each workflow, of each one:
--          wf, the version up to which the caller has read it, when it ended, its result or '', how many timers follow,
--          and timers that may still be set, each '<task> <op>'
-- REPLY  for each workflow a word
--          'ok' | 'gone' it is not there any more | 'early' its time has not come
--          'changed' something happened to it since the caller read it
--          'busy' it has an open task or a dead letter | 'unprojected' its view does not show its end yet
--          'newer' a later release wrote it
--
-- FLAGS  allow-oom
--
-- Its log and its view go together, and nothing brings them back: who writes for a workflow without a head is refused, and
-- `project` passes its view over. What has to stay makes room for others that are due: it is put off (by the time of
-- its end, since nothing else is known of it there). Timers of ended tasks would ring for nobody, or for a workflow that
-- is started under this id once the tombstone has gone.

local function parse_items(args)
  local next, more = reader(args, 4)
  local items = {}
  while more() do
    local item = { wf = next(), version = next(), ended = tonumber(next()), result = next(), timers = {} }
    for at = 1, tonumber(next()) do item.timers[at] = item.wf .. ' ' .. next() end
    for _, own in ipairs({ 'escalate', 'limit' }) do table.insert(item.timers, item.wf .. ' - ' .. own) end
    items[#items + 1] = item
  end
  return items
end

local ABOUT_END = { 'layout', 'version', 'status', 'open', 'tenant', 'type', 'digest' }

local function read_item(prefix, item)
  item.head, item.log = prefix .. key.head .. item.wf, prefix .. key.log .. item.wf
  item.view, item.tombstone = prefix .. key.view .. item.wf, prefix .. key.tombstone .. item.wf
  local got = redis.call('HMGET', item.head, unpack(ABOUT_END))
  for at, name in ipairs(ABOUT_END) do item['its_' .. name] = got[at] end
end

-- Whether a dead letter waits for a person; notes what each task may have left.
local function has_letter(prefix, item)
  item.waits = {}
  for _, field in ipairs(redis.call('HKEYS', item.head)) do
    local kind, id = string.match(field, '^(%a+):(.+)$')
    if kind == 'dead' then return true end
    if kind == 't' then table.insert(item.waits, prefix .. key.waits .. item.wf .. ':' .. id) end
  end
  return false
end

-- What is against it, if anything.
local function obstacle(prefix, item, before)
  local ended = redis.call('ZSCORE', prefix .. key.ended, item.wf)
  if not item.its_layout then return 'gone' end
  if not ended or tonumber(ended) > before then return 'early' end
  if tonumber(item.its_layout) > LAYOUT then return 'newer' end
  if item.its_open ~= '0' or has_letter(prefix, item) then return 'busy' end
  if redis.call('HGET', item.view, 'version') ~= item.its_version then return 'unprojected' end
  if tonumber(ended) ~= item.ended or item.its_version ~= item.version then return 'changed' end
  item.unsettled = redis.call('HGET', item.view, 'unsettled')
  return nil
end

-- Whether it is put off: anything else that keeps it here changes by itself, or is known already.
local HAS_TO_STAY = { newer = true, changed = true, busy = true, unprojected = true }

local function add_all(list, values)
  for _, value in ipairs(values) do list[#list + 1] = value end
end

-- The lists that have its view.
local function lists_of(prefix, item)
  local tenant, lists = prefix .. key.list .. item.its_tenant .. ':', {}
  for _, type in ipairs({ '*', item.its_type }) do
    for _, status in ipairs({ '*', item.its_status }) do lists[#lists + 1] = tenant .. type .. ':' .. status end
  end
  return lists
end

-- Every key that is concerned: those that go as a whole, and what leaves each of the others in one command, since a set
-- that becomes empty goes, and is not found again while its slot moves (S1).
local function departures(prefix, leaving, gone)
  local keys, from = {}, { [prefix .. key.ended] = gone, [prefix .. key.workflows] = {}, [prefix .. key.timers] = {} }
  for _, item in ipairs(leaving) do
    add_all(keys, { item.head, item.log, item.view })
    add_all(keys, item.waits)
    for _, index in ipairs({ prefix .. key.ended, prefix .. key.workflows, unpack(lists_of(prefix, item)) }) do
      from[index] = from[index] or {}
      table.insert(from[index], item.wf)
    end
    if item.unsettled then
      local index = prefix .. key.unsettled .. item.its_tenant
      from[index] = from[index] or {}
      add_all(from[index], (unsettled_of(item.wf, item.unsettled)))
    end
    add_all(from[prefix .. key.timers], item.timers)
    table.insert(from[prefix .. key.timers], escalation_of(item.wf))
  end
  return keys, from
end

local function bury_head(item, life_ms)
  redis.call('HSET', item.tombstone, 'version', item.its_version, 'status', item.its_status, 'tenant', item.its_tenant,
    'type', item.its_type, 'digest', item.its_digest, 'result', item.result)
  redis.call('PEXPIRE', item.tombstone, life_ms)
end

local function touch_all(prefix, items, keys, from)
  local concerned = {}
  add_all(concerned, keys)
  for index in pairs(from) do concerned[#concerned + 1] = index end
  for _, item in ipairs(items) do add_all(concerned, { item.head, item.view, item.tombstone }) end
  be_sure_of_all(prefix, concerned)
end

local function retire(keys, args)
  local prefix, items = prefix_of(keys[1]), parse_items(args)
  local life_ms, before = tonumber(args[2]), now_ms(prefix) - tonumber(args[1])
  local leaving, gone, put_off, replies = {}, {}, {}, {}
  for at, item in ipairs(items) do
    read_item(prefix, item)
    local against = obstacle(prefix, item, before)
    replies[at] = against or 'ok'
    if not against then leaving[#leaving + 1] = item end
    if against == 'gone' then gone[#gone + 1] = item.wf end
    if HAS_TO_STAY[against] then set(put_off, before + tonumber(args[3]), item.wf) end
  end
  local whole, from = departures(prefix, leaving, gone)
  touch_all(prefix, items, whole, from)

  in_chunks('ZADD', prefix .. key.ended, put_off)
  if life_ms > 0 then for _, item in ipairs(leaving) do bury_head(item, life_ms) end end
  for at = 1, #whole, CHUNK do redis.call('UNLINK', unpack(whole, at, math.min(at + CHUNK - 1, #whole))) end
  for index, members in pairs(from) do in_chunks('ZREM', index, members) end
  return replies
end
