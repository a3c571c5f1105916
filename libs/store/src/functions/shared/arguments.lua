-- What every function does with its arguments.

-- `ls:{tag}:` of a key of a partition: every other key of the partition begins with it.
local function prefix_of(name) return string.match(name, '^(.-:{.-}:)') end

-- Two functions over the arguments from `from` on: the next one, and whether there are more.
local function reader(args, from)
  local at = from - 1
  return function()
    at = at + 1
    return args[at]
  end, function() return at < #args end
end

-- Whether one id of a stream's entry comes before another.
local function is_before(a, b)
  local a_ms, a_seq = string.match(a, '^(%d+)-(%d+)$')
  local b_ms, b_seq = string.match(b, '^(%d+)-(%d+)$')
  if a_ms ~= b_ms then return tonumber(a_ms) < tonumber(b_ms) end
  return tonumber(a_seq) < tonumber(b_seq)
end
