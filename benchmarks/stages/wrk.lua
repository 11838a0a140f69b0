-- Sends the requests of a file one after the other, one a line: path, space, JSON body.
-- REQUESTS names the file, TOKEN is the API token. REST_MS: pause before each request. ONCE: stop after the last one.
local requests, at, received, verified = {}, 0, 0, false
local rest = tonumber(os.getenv("REST_MS") or "0")

function init()
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
  for line in io.lines(os.getenv("REQUESTS")) do
    local path, body = line:match("^(%S+) (.*)$")
    requests[#requests + 1] = wrk.format("POST", path, nil, body)
  end
end

function request()
  if not verified then -- wrk asks for one request before it starts, and does not send it
    verified = true
    return requests[1]
  end
  at = at % #requests + 1
  return requests[at]
end

if rest > 0 then
  function delay()
    return rest
  end
end

if os.getenv("ONCE") then
  function response()
    received = received + 1
    if received == #requests then
      wrk.thread:stop()
      io.stderr:write("sent\n") -- wrk itself waits for the end of its time, or SIGINT
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local parts = {}
  for name, value in pairs({
    requests = summary.requests, per_second = summary.requests / summary.duration * 1e6,
    errors = errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    p50 = latency:percentile(50) / 1000, p90 = latency:percentile(90) / 1000, p99 = latency:percentile(99) / 1000,
    max = latency.max / 1000,
  }) do
    parts[#parts + 1] = string.format('"%s": %.3f', name, value)
  end
  io.write("\n{" .. table.concat(parts, ", ") .. "}\n")
end
