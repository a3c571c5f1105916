-- How long an entry of the ledger is kept.
--
-- One that says how an effect went is kept for a time; one that is reserved or being undone for as long as it is so. A key
-- that was undone keeps its entry for ever: which occurrence comes next is part of the key that the provider knows.

local function let_expire(entry, occurrence, kept_ms)
  if occurrence == 1 and kept_ms > 0 then redis.call('PEXPIRE', entry, kept_ms) end
end

local function keep(entry) redis.call('PERSIST', entry) end
