-- cancel: end a workflow; its open tasks are fenced, and those with open effects go back to their roles to settle them.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 command id   3 effects up to this version stand, - when all do   4 meta of CancelRequested   5 its body
-- REPLY  {'ok', version, status} | {'duplicate', version, status} | {'ended', status} | {'unknown'}
--
-- FLAGS  allow-oom

local function cancel(keys, args)
  return end_by_command(prefix_of(keys[1]), args, 'CancelRequested', ENDS_CANCELLED)
end
