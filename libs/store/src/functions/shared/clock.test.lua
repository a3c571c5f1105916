-- Stands in for clock.lua in a test build: the time is what a test wrote, else the real one.

local function now_ms(prefix)
  local set = redis.call('GET', prefix .. key.test_clock)
  if set then return tonumber(set) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
