-- project: write views of workflows and the checkpoint up to which the feed is in them, under the lease.
--
-- KEYS   1 feed of the partition
-- ARGV   1 name of the lease   2 owner   3 epoch   4 checkpoint
--        then for each view, of each workflow one: wf, version, tenant, type, status, time of start (unit ms), digest, the view
-- REPLY  {'ok'} | {'fenced', owner}
--
-- FLAGS  allow-oom
--
-- A checkpoint only grows: a call that comes behind a later one is answered ok and writes nothing. A view is
-- listed under its tenant by type and status, each with `*` for any. Who waits for a view hears '<wf> <version>'
-- on the partition's channel. The digest is that of the last event in the view (S11).

local function lists_of(prefix, tenant, type, status)
  local names = {}
  for _, t in ipairs({ '*', type }) do
    for _, s in ipairs({ '*', status }) do names[#names + 1] = prefix .. key.list .. tenant .. ':' .. t .. ':' .. s end
  end
  return names
end

-- Reads every key of a view, so that a slot which is moving stops the function before its first write (S1).
local function open_view(prefix, view)
  view.key = prefix .. key.view .. view.wf
  view.before = redis.call('HGET', view.key, 'status')
  view.left, view.entered = {}, {}
  if view.before == view.status then return end
  view.left = view.before and lists_of(prefix, view.tenant, view.type, view.before) or {}
  view.entered = lists_of(prefix, view.tenant, view.type, view.status)
  be_sure_of(prefix, view.key, unpack(view.entered))
  if view.before then be_sure_of(prefix, unpack(view.left)) end
end

local function enter(view)
  for _, list in ipairs(view.entered) do redis.call('ZADD', list, view.started, view.wf) end
end

local function leave(view)
  local stays = {}
  for _, list in ipairs(view.entered) do stays[list] = true end
  for _, list in ipairs(view.left) do
    if not stays[list] then redis.call('ZREM', list, view.wf) end
  end
end

local function write_view(prefix, view)
  redis.call('HSET', view.key, 'version', view.version, 'tenant', view.tenant, 'type', view.type, 'status', view.status,
    'started', view.started, 'digest', view.digest, 'view', view.body)
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
      started = next(), digest = next(), body = next() }
  end
  for _, view in ipairs(views) do open_view(prefix, view) end
  -- A list that becomes empty goes, and could not come back while its slot moves: first in, then out (S1).
  for _, view in ipairs(views) do enter(view) end
  for _, view in ipairs(views) do leave(view) end
  for _, view in ipairs(views) do write_view(prefix, view) end
  redis.call('HSET', entry, 'checkpoint', args[4])
  return { 'ok' }
end
