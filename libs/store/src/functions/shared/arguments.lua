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
