import type { ScopePair } from "@/lib/quick-start/choice";

/** Calls that try a key and verify one. Tokens come from the environment, so that they aren't in a page or file. */
export function curlSnippet(console: string, team: string, { read, write }: ScopePair): string {
  return `# The API key to test: any active one.
: "\${LATCHKEY_TOKEN:?set LATCHKEY_TOKEN to an API key's token}"

# Whose key is it, and what can it do?
curl -sS -w '\\n' ${console}/api/v1/me -H "Authorization: Bearer $LATCHKEY_TOKEN"

# Can it read? This is a gateway's request: 200 allows, 401 and 403 deny.
curl -sS -i -w '\\n' '${console}/api/v1/forward-auth?team=${team}&read=${read}&write=${write}' \\
  -H "Authorization: Bearer $LATCHKEY_TOKEN" -H 'X-Forwarded-Method: GET'

# Your API verifies a client's token, with a team key that has the scope keys.verify.
: "\${LATCHKEY_KEY:?set LATCHKEY_KEY to the token of a team key with keys.verify}"
curl -sS -w '\\n' ${console}/api/v1/verify -H "Authorization: Bearer $LATCHKEY_KEY" \\
  -H 'Content-Type: application/json' -d @- <<JSON
{"token": "$LATCHKEY_TOKEN", "scopes": ["${read}"], "method": "GET"}
JSON
`;
}

/** A node:http server with the documented middleware. */
export function nodeSnippet(console: string, { read, write }: ScopePair, middleware: string): string {
  return `// api.mjs, for Node 20 and later, without dependencies. LATCHKEY_KEY is the token of a team key with keys.verify.
import { createServer } from "node:http";

process.env.LATCHKEY_URL ??= "${console}";

${middleware.trim()}

const mayRead = requireKey("${read}");
const mayWrite = requireKey("${write}");

createServer((request, response) => {
  const guard = ["GET", "HEAD"].includes(request.method) ? mayRead : mayWrite;
  guard(request, response, () => response.end(\`Hello, \${request.caller.key.name ?? request.caller.key.id}\\n\`));
}).listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
`;
}

/** The same with Python's standard library. */
export function pythonSnippet(console: string, { read, write }: ScopePair): string {
  return `"""api.py, for Python 3.9 and later, without dependencies. LATCHKEY_KEY is the token of a team key with keys.verify."""
import json
import os
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

LATCHKEY_URL = os.environ.get("LATCHKEY_URL", "${console}")
LATCHKEY_KEY = os.environ["LATCHKEY_KEY"]
FORBIDDEN = {"insufficient_scope", "wrong_resource", "ip_not_allowed"}
BEARER = re.compile(r"bearer +([\\w.~+/-]{1,200}=*) *", re.IGNORECASE | re.ASCII)


def ask(token, scope, method, ip):
    """Verifies the token. Raises if Latchkey is unreachable; requests are then denied."""
    question = {"token": token, "scopes": [scope], "method": method, "ip": ip}
    headers = {"Authorization": f"Bearer {LATCHKEY_KEY}", "Content-Type": "application/json"}
    request = Request(f"{LATCHKEY_URL}/api/v1/verify", json.dumps(question).encode(), headers)
    with urlopen(request, timeout=2) as answer:
        return json.load(answer)["data"]


class Api(BaseHTTPRequestHandler):
    def guard(self, scope):
        """The caller, or None if the request was denied."""
        sent = self.headers.get_all("Authorization") or []
        found = BEARER.fullmatch(sent[0]) if len(sent) == 1 else None
        if not found:
            return self.refuse(401, 'Bearer realm="api"')
        try:
            caller = ask(found.group(1), scope, self.command, self.client_address[0])
        except (OSError, ValueError, KeyError):
            return self.refuse(503)
        if caller["valid"] is True:
            return caller
        if caller["code"] in FORBIDDEN:
            return self.refuse(403, 'Bearer realm="api", error="insufficient_scope"')
        return self.refuse(401, 'Bearer realm="api", error="invalid_token"')

    def refuse(self, status, challenge=None):
        self.send_response(status)
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def serve(self, scope):
        caller = self.guard(scope)
        if caller:
            body = f"Hello, {caller['key']['name'] or caller['key']['id']}\\n".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def do_GET(self):
        self.serve("${read}")

    def do_POST(self):
        self.serve("${write}")


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Api).serve_forever()
`;
}

/** The same with Go's standard library. */
export function goSnippet(console: string, { read, write }: ScopePair): string {
  return `// main.go, for Go 1.22 and later, without dependencies. LATCHKEY_KEY is the token of a team key with keys.verify.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"regexp"
	"time"
)

var (
	latchkeyURL = getenv("LATCHKEY_URL", "${console}")
	latchkeyKey = os.Getenv("LATCHKEY_KEY")
	client      = &http.Client{Timeout: 2 * time.Second}
	bearer      = regexp.MustCompile(\`^(?i:bearer) +([\\w.~+/-]{1,200}=*) *$\`)
	forbidden   = map[string]bool{"insufficient_scope": true, "wrong_resource": true, "ip_not_allowed": true}
)

type caller struct {
	Valid bool   \`json:"valid"\`
	Code  string \`json:"code"\`
	Key   struct {
		ID   string \`json:"id"\`
		Name string \`json:"name"\`
	} \`json:"key"\`
}

// ask verifies the token. It returns an error if Latchkey is unreachable; requests are then denied.
func ask(token, scope string, r *http.Request) (caller, error) {
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	question, _ := json.Marshal(map[string]any{"token": token, "scopes": []string{scope}, "method": r.Method, "ip": ip})
	request, err := http.NewRequestWithContext(r.Context(), "POST", latchkeyURL+"/api/v1/verify", bytes.NewReader(question))
	if err != nil {
		return caller{}, err
	}
	request.Header.Set("Authorization", "Bearer "+latchkeyKey)
	request.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(request)
	if err != nil {
		return caller{}, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return caller{}, errors.New(answer.Status)
	}
	var body struct {
		Data caller \`json:"data"\`
	}
	err = json.NewDecoder(answer.Body).Decode(&body)
	return body.Data, err
}

func requireKey(scope string, next func(http.ResponseWriter, *http.Request, caller)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sent := r.Header.Values("Authorization")
		if len(sent) != 1 || !bearer.MatchString(sent[0]) {
			refuse(w, http.StatusUnauthorized, \`Bearer realm="api"\`)
			return
		}
		who, err := ask(bearer.FindStringSubmatch(sent[0])[1], scope, r)
		switch {
		case err != nil:
			refuse(w, http.StatusServiceUnavailable, "")
		case who.Valid:
			next(w, r, who)
		case forbidden[who.Code]:
			refuse(w, http.StatusForbidden, \`Bearer realm="api", error="insufficient_scope"\`)
		default:
			refuse(w, http.StatusUnauthorized, \`Bearer realm="api", error="invalid_token"\`)
		}
	}
}

func refuse(w http.ResponseWriter, status int, challenge string) {
	if challenge != "" {
		w.Header().Set("WWW-Authenticate", challenge)
	}
	w.WriteHeader(status)
}

func hello(w http.ResponseWriter, _ *http.Request, who caller) {
	name := who.Key.Name
	if name == "" {
		name = who.Key.ID
	}
	fmt.Fprintf(w, "Hello, %s\\n", name)
}

func getenv(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func main() {
	read, write := requireKey("${read}", hello), requireKey("${write}", hello)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			read(w, r)
		} else {
			write(w, r)
		}
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+getenv("PORT", "8080"), nil))
}
`;
}
