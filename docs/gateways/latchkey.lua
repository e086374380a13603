-- Verifies a request with Latchkey. If it is allowed, sets txn.latchkey_verdict to "valid" and the identity headers. If it
-- is denied, responds to the client. Without a response from Latchkey, does neither: haproxy.cfg then returns 503.

-- The section latchkey of haproxy.cfg, which forwards the request to a verifier.
local FORWARD_AUTH = "http://127.0.0.1:3003/api/v1/forward-auth?"
local TIMEOUT_MS = 2500

local REFUSALS = { [401] = true, [403] = true, [429] = true, [503] = true }
local PASSED_ON = { "content-type", "cache-control", "www-authenticate", "retry-after" }

local function is_latchkeys(answer)
  local kind = answer.headers and answer.headers["content-type"]
  return kind ~= nil and kind[0] == "application/problem+json"
end

local function refuse(txn, answer)
  local reply = txn:reply({ status = answer.status })
  for _, name in ipairs(PASSED_ON) do
    for _, value in pairs(answer.headers[name] or {}) do
      reply:add_header(name, value)
    end
  end
  reply:set_body(answer.body)
  txn:done(reply)
end

local function question_headers(txn)
  local headers = txn.http:req_get_headers()
  local method = { txn.f:method() }
  return {
    -- All values, so that two Authorization headers are detected.
    ["authorization"] = headers["authorization"],
    ["user-agent"] = headers["user-agent"],
    ["x-forwarded-for"] = { txn.f:src() },
    ["x-forwarded-method"] = method,
    ["x-original-method"] = method,
    ["origin"] = headers["origin"],
    ["access-control-request-method"] = headers["access-control-request-method"],
    ["x-request-id"] = { txn:get_var("txn.request_id") },
  }
end

core.register_action("latchkey", { "http-req" }, function(txn)
  local url = FORWARD_AUTH .. txn:get_var("txn.latchkey_question")
  local answer = core.httpclient():get({ url = url, headers = question_headers(txn), timeout = TIMEOUT_MS })
  if answer.status == 200 then
    for name, values in pairs(answer.headers) do
      if name:find("^x%-latchkey%-") then
        txn.http:req_set_header(name, values[0])
      end
    end
    txn:set_var("txn.latchkey_verdict", "valid")
  elseif REFUSALS[answer.status] and is_latchkeys(answer) then
    refuse(txn, answer)
  end
end)
