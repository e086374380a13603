-- Sends a random token from a file with each request, and prints the result as one line of JSON. The request is passed in
-- the environment, because only wrk's threads get its arguments.

local PLACEHOLDER = "@TOKEN@"

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

local next_seed = tonumber(os.getenv("WRK_SEED"))

-- Each thread has its own Lua state, and all would draw the same numbers. Concurrent requests with the same token share a
-- lookup, which would favor servers that batch lookups.
function setup(thread)
  thread:set("thread_seed", next_seed)
  next_seed = next_seed + 7919
end

function init()
  math.randomseed(thread_seed)
  tokens = read(os.getenv("WRK_TOKENS"))
  -- All tokens have the same length, so they are found by offset, without a list of a million strings.
  length = tokens:find("\n", 1, true) - 1
  count = #tokens / (length + 1)
  is_zipf = os.getenv("WRK_DRAW") == "zipf"

  local placeholder = ("\1"):rep(length)
  local function fill(text)
    return text and (text:gsub(PLACEHOLDER, placeholder))
  end
  local headers = { authorization = fill(os.getenv("WRK_AUTHORIZATION")), ["content-type"] = os.getenv("WRK_CONTENT_TYPE") }
  local template = wrk.format(os.getenv("WRK_METHOD"), wrk.path, headers, fill(os.getenv("WRK_BODY")))
  local first, last = template:find(placeholder, 1, true)
  before, after = template:sub(1, first - 1), template:sub(last + 1)
end

-- Starts at 0. By Zipf's law with exponent 1, the share of the first k of n ranks is close to log(k) / log(n).
local function place()
  if is_zipf then return math.floor(count ^ math.random()) - 1 end
  return math.random(0, count - 1)
end

function request()
  local start = place() * (length + 1)
  return before .. tokens:sub(start + 1, start + length) .. after
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"durationUs":%d,"p50Us":%.0f,"p99Us":%.0f,"refused":%d,"socketErrors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
