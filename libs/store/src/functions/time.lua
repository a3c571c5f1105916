-- time: what the store's clock says, which is the time that events are recorded under.
--
-- KEYS   1 feed of the partition
-- REPLY  unit ms
--
-- FLAGS  no-writes

local function time(keys) return now_ms(prefix_of(keys[1])) end
