-- project: write views of workflows and the checkpoint up to which the feed is in them, under the lease.
--
-- KEYS   1 feed of the partition
-- ARGV   1 name of the lease   2 owner   3 epoch   4 checkpoint
--        then for each view, of each workflow one: wf, version, tenant, type, status, time of start (unit ms), digest,
--        its unsettled effects ('<nth>:<since, unit ms>' each, spaces between, or ''), the view
-- REPLY  {'ok'} | {'fenced', owner}
--
-- FLAGS  allow-oom
--
-- A checkpoint only grows: a call that comes behind a later one is answered ok and writes nothing. A view is
-- listed under its tenant by type and status, each with `*` for any, and its unsettled effects by since when. Who waits for a view hears '<wf> <version>'
-- on the partition's channel. The digest is that of the last event in the view (S11). A view of a workflow that was
-- retired while it was folded is passed over: nobody would remove it any more.

-- Notes for the lists of a status what to tell them of a view: of all types, and of its own.
local function note(lists, prefix, view, status, ...)
  local tenant = prefix .. key.list .. view.tenant .. ':'
  for _, type in ipairs({ '*', view.type }) do
    local list = tenant .. type .. ':' .. status
    lists[list] = lists[list] or {}
    for _, word in ipairs({ ... }) do table.insert(lists[list], word) end
  end
end

-- Notes which of its effects are settled since the view before, and which are not.
local function note_unsettled(entered, left, prefix, view, before)
  local index, is_listed = prefix .. key.unsettled .. view.tenant, {}
  local members, since = unsettled_of(view.wf, view.unsettled)
  for at, member in ipairs(members) do
    is_listed[member] = true
    entered[index] = entered[index] or {}
    set(entered[index], since[at], member)
  end
  for _, member in ipairs((unsettled_of(view.wf, before))) do
    if not is_listed[member] then
      left[index] = left[index] or {}
      table.insert(left[index], member)
    end
  end
end

-- Those whose workflow is there.
local function still_there(prefix, views)
  local heads, there = {}, {}
  for at, view in ipairs(views) do heads[at] = prefix .. key.head .. view.wf end
  be_sure_of_all(prefix, heads)
  for at, view in ipairs(views) do
    if redis.call('EXISTS', heads[at]) == 1 then there[#there + 1] = view end
  end
  return there
end

-- Which views enter and leave which lists: a list hears of all of them in one command. Reads every key that is
-- concerned, so that a slot which is moving stops the function before its first write (S1).
local function moves_of(prefix, views)
  local entered, left, concerned = {}, {}, {}
  for _, view in ipairs(views) do
    view.key = prefix .. key.view .. view.wf
    local got = redis.call('HMGET', view.key, 'status', 'unsettled')
    local before = got[1]
    view.listed = got[2] or ''
    if before ~= view.status or view.listed ~= view.unsettled then concerned[#concerned + 1] = view.key end
    if before ~= view.status then
      note(entered, prefix, view, view.status, view.started, view.wf)
      if before then note(left, prefix, view, before, view.wf)
      else note(entered, prefix, view, '*', view.started, view.wf) end
    end
    if view.listed ~= view.unsettled then note_unsettled(entered, left, prefix, view, view.listed) end
  end
  for list in pairs(entered) do concerned[#concerned + 1] = list end
  for list in pairs(left) do concerned[#concerned + 1] = list end
  be_sure_of(prefix, unpack(concerned))
  return entered, left
end

local function write_view(prefix, view)
  redis.call('HSET', view.key, 'version', view.version, 'tenant', view.tenant, 'type', view.type, 'status', view.status,
    'started', view.started, 'digest', view.digest, 'view', view.body)
  if view.unsettled ~= '' then redis.call('HSET', view.key, 'unsettled', view.unsettled)
  elseif view.listed ~= '' then redis.call('HDEL', view.key, 'unsettled') end
  redis.call('PUBLISH', prefix .. key.views, view.wf .. ' ' .. view.version)
end

local function project(keys, args)
  local prefix = prefix_of(keys[1])
  local entry, owner, epoch = prefix .. key.lease .. args[1], args[2], tonumber(args[3])
  local got = redis.call('HMGET', entry, 'owner', 'epoch', 'checkpoint')
  be_sure_of(prefix, entry)
  if got[1] ~= owner or tonumber(got[2]) ~= epoch then return { 'fenced', got[1] or '' } end
  if is_before(args[4], got[3] or '0-0') then return { 'ok' } end

  local next, more = reader(args, 5)
  local views = {}
  while more() do
    views[#views + 1] = { wf = next(), version = next(), tenant = next(), type = next(), status = next(),
      started = next(), digest = next(), unsettled = next(), body = next() }
  end
  views = still_there(prefix, views)
  local entered, left = moves_of(prefix, views)
  -- A list that becomes empty goes, and could not come back while its slot moves: first in, then out (S1).
  for list, members in pairs(entered) do in_chunks('ZADD', list, members) end
  for list, members in pairs(left) do in_chunks('ZREM', list, members) end
  for _, view in ipairs(views) do write_view(prefix, view) end
  redis.call('HSET', entry, 'checkpoint', args[4])
  return { 'ok' }
end
