-- What a view says of its workflow besides itself.

-- Its unsettled effects as they are listed, and since when each is: of a text with '<nth>:<since>' for each, or none.
local function unsettled_of(wf, text)
  local members, since = {}, {}
  for nth, at in string.gmatch(text or '', '(%d+):(%d+)') do
    members[#members + 1] = wf .. ' ' .. nth
    since[#since + 1] = at
  end
  return members, since
end
