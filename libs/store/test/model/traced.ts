// A build of the library that fails when a function breaks S1: once it has written, it may not come to a key
// that it has not touched before, since that key may have left with its slot. Between two steps of a function
// nothing is half done: a workflow that it changes, a worker that it visits, a turn of the lease clock.

const WRITES =
  'XADD XDEL XACK XTRIM XGROUP HSET HDEL HINCRBY SADD SREM ZADD ZREM ZREMRANGEBYSCORE UNLINK PEXPIRE PERSIST';

const TRACE = `
local seen, wrote = {}, false
local WRITES = { ${WRITES.replaceAll(/(\w+) ?/g, '$1 = true, ')} }
local function server() return redis end
local redis = {
  register_function = server().register_function,
  call = function(command, ...)
    local keys = { ... }
    if command == 'PUBLISH' or command == 'TIME' or command == 'GET' then return server().call(command, ...) end
    if command == 'XINFO' or command == 'XGROUP' then keys = { keys[2] } end
    if command ~= 'EXISTS' then keys = { keys[1] } end
    for _, name in ipairs(keys) do
      if wrote and not seen[name] then error({ err = 'S1 ' .. command .. ' of ' .. name .. ' after a write' }) end
      seen[name] = true
    end
    wrote = wrote or WRITES[command] ~= nil
    return server().call(command, ...)
  end,
}
`;

/** The lines before which a step ends. */
const STEPS: Readonly<Record<string, RegExp>> = {
  'shared/workflow.lua': /local function open_workflow.*\n/,
  'shared/recovery.lua': /local function held_by.*\n/,
  'shared/lease-clock.lua': /.*'HSET', clock.*\n/,
};

export function traced(file: string, source: string): string {
  if (file === 'shared/arguments.lua') return TRACE + source;
  const step = STEPS[file];
  if (step !== undefined) return source.replace(step, `$&  wrote = false\n`);
  const operation = /^([a-z]+)\.lua$/.exec(file)?.[1];
  if (operation === undefined) return source;
  const begin = 'seen, wrote = { [keys[1]] = true }, false';
  return `${source}\nlocal untraced = ${operation}\n${operation} = function(keys, args) ${begin} return untraced(keys, args) end\n`;
}
