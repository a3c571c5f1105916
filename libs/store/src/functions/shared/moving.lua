-- A slot that moves to another master moves key by key (S1).
--
-- Its old master refuses a command for a key that has left. On its new one a key that has not come yet reads like
-- one that never was, and can be written, beside the one that is still to come; only a command of several keys is
-- refused there. So whoever concludes something from a key's absence, or is about to write it, asks for it in this
-- way first: a call is then stopped as a whole and made again.

local function be_sure_of(prefix, ...) redis.call('EXISTS', prefix .. key.feed, ...) end
