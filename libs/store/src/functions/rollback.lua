-- rollback: undo what a workflow has committed, and end it as failed.
--
-- KEYS   1 feed of the partition
-- ARGV   1 wf   2 command id   3 effects up to this version stand   4 meta of RollbackStarted   5 its body
-- REPLY  {'ok', version, status} | {'duplicate', version, status} | {'ended', status} | {'unknown'}
--
-- FLAGS  allow-oom

local function rollback(keys, args)
  return end_by_command(prefix_of(keys[1]), args, 'RollbackStarted', ENDS_FAILED)
end
