-- forget: remove consumers of an inbox that have not read for long, or the one that leaves. One that has messages
-- pending stays, since they would go with it: they are reclaimed first. Whoever leaves has looked, and may have been
-- given one since: only here are looking and removing one.
--
-- KEYS   1 feed of the partition
-- ARGV   1 inbox   2 consumer group   3 idle time, unit ms   4 the one that leaves; none: any
-- REPLY  consumers removed
--
-- FLAGS  allow-oom

local function named(pairs_of)
  local values = {}
  for i = 1, #pairs_of, 2 do values[pairs_of[i]] = pairs_of[i + 1] end
  return values
end

local function forget(keys, args)
  local prefix = prefix_of(keys[1])
  local queue_key, group, idle_ms = prefix .. key.inbox .. args[1], args[2], tonumber(args[3])
  be_sure_of(prefix, queue_key)
  local consumers, removed = redis.pcall('XINFO', 'CONSUMERS', queue_key, group), 0
  -- No group yet, or none since a loss of data.
  if consumers.err then return 0 end
  for _, found in ipairs(consumers) do
    local consumer = named(found)
    local is_meant = not args[4] or consumer.name == args[4]
    if is_meant and consumer.pending == 0 and consumer.idle >= idle_ms then
      redis.call('XGROUP', 'DELCONSUMER', queue_key, group, consumer.name)
      removed = removed + 1
    end
  end
  return removed
end
