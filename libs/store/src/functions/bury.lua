-- bury: a message that nobody can read becomes a dead letter of its role.
--
-- KEYS   1 feed of the partition
-- ARGV   1 inbox   2 id of the message   3 consumer group   4 meta: what was found in it
-- REPLY  {'ok'} | {'duplicate'} the message is gone
--
-- FLAGS  allow-oom

local function bury(keys, args)
  local prefix = prefix_of(keys[1])
  local inbox, message, group, meta = unpack(args, 1, 4)
  local queue_key, role = prefix .. key.inbox .. inbox, string.match(inbox, '^[^@]+')

  be_sure_of(prefix, queue_key, dead_keys(prefix, role))
  if #redis.call('XRANGE', queue_key, message, message) == 0 then return { 'duplicate' } end
  lay_down(prefix, role, 'wf', '', 'task', '', 'tenant', '', 'type', '', 'version', 0, 'at', now_ms(prefix), 'meta', meta)
  redis.call('XACK', queue_key, group, message)
  redis.call('XDEL', queue_key, message)
  return { 'ok' }
end
