-- The wall clock of the store, unit ms. The only place where time enters the library (S7).

local function now_ms(prefix)
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
