import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findOrInstallProgram } from "@/scripts/test/find-program";
import { IDENTITY_HEADERS } from "../endpoints/forward-auth.ts";
import { AMBIGUOUS_PATHS, ORDINARY_PATHS } from "./ambiguous-paths.ts";

// Traefik, Envoy and Kong don't run here. What their pages strip by does, apart from them.

const page = (name: string) => readFileSync(`docs/gateways/${name}`, "utf8");

const SIGNS = [..."-_.!#$%&'*+^`|~"];
const FORGED = SIGNS.flatMap((sign) =>
  [...IDENTITY_HEADERS, "x-latchkey-new"].map((name) => name.replaceAll("-", sign)),
);
const ODD = ["x_http_method_override", "x.http.method.override", "x-http_method-override", "x_original_url"];
const HARMLESS = ["accept", "authorization", "x-request-id", "x-of-the-api", "sec-websocket-key", "content-length"];

test("Traefik strips every spelling of every header that says who is calling", () => {
  const patterns = [...page("traefik.yaml").matchAll(/authResponseHeadersRegex: \(\?i\)(\S+)/g)];
  expect(patterns).toHaveLength(2);
  for (const [, pattern = ""] of patterns) {
    const stripped = (name: string) => new RegExp(pattern, "i").test(name);
    expect([...FORGED, ...ODD].filter((name) => !stripped(name))).toEqual([]);
    expect(FORGED.filter((name) => !stripped(name.toUpperCase()))).toEqual([]);
    expect(HARMLESS.filter(stripped)).toEqual([]);
  }
});

test("Envoy strips every spelling of every header that says who is calling", { timeout: 300_000 }, () => {
  const script = inlineScript("envoy.yaml", "inline_string: |");
  const names = [...FORGED, ...ODD, ...HARMLESS, ":method", ":path"];
  const left = runLua(`
    local kept = {}
    for _, name in ipairs({ ${names.map(luaString).join(", ")} }) do kept[name] = "x" end
    local headers = setmetatable({ remove = function(_, name) kept[name] = nil end }, {
      __pairs = function() return next, kept, nil end,
    })
    ${script}
    envoy_on_request({ headers = function() return headers end })
    for name in pairs(kept) do print("LEFT " .. name) end`);
  expect(left.sort()).toEqual([...HARMLESS, ":method", ":path"].sort());
});

test("Kong refuses odd spellings of what it can't remove, and strips the rest", { timeout: 300_000 }, () => {
  const isOdd = (name: string) => /[^a-z0-9-]/.test(name);
  const odd = [...FORGED, ...ODD, "x_forwarded_for", "x.real.ip"].filter(isOdd);
  expect(outcomesInKong(odd)).toEqual(odd.map(() => "400"));
  const plain = FORGED.filter((name) => !isOdd(name));
  expect(outcomesInKong(plain)).toEqual(plain.map(() => "stripped"));
  const harmless = HARMLESS.filter((name) => !["authorization", "x-request-id"].includes(name));
  expect(outcomesInKong([...harmless, "x_of_the_api"])).toEqual([...harmless, "x_of_the_api"].map(() => "kept"));
});

// Kong drops what Connection names only after the function has set its headers.
test("Kong refuses a Connection that names headers of the request", { timeout: 300_000 }, () => {
  const outcomes = (values: string[]) => outcomesInKong(["connection"], values);
  const naming = [
    "X-Latchkey-Resource",
    "close, x-latchkey-resource",
    "close,\tx-forwarded-for,",
    "host",
    "authorization",
  ];
  expect(outcomes([...naming.map(luaString), '{ "close", "X-Latchkey-Role" }'])).toEqual(
    [...naming, "twice"].map(() => "400"),
  );
  const usual = ["", "close", "Keep-Alive", "Upgrade", "keep-alive, Upgrade", "Upgrade,HTTP2-Settings", "TE, close"];
  expect(outcomes(usual.map(luaString))).toEqual(usual.map(() => "kept"));
});

test("Kong refuses a Host by which the API could see another path", { timeout: 300_000 }, () => {
  const outcomes = (values: string[]) => outcomesInKong(["host"], values.map(luaString));
  expect(outcomes(["a/reports?", "a\\reports?", "a?", "a#", "user@a"])).toEqual(Array(5).fill("400"));
  expect(outcomes(["api.example.com", "API.example:8443", "[2001:db8::1]:8000"])).toEqual(Array(3).fill("kept"));
});

test("Kong and Envoy refuse paths that could mean another one, and no ordinary ones", { timeout: 300_000 }, () => {
  const [, regex = ""] = /regex: "\(\?i\)(.*)"/.exec(page("envoy.yaml")) ?? [];
  const isRefusedByEnvoy = (path: string) => new RegExp(`^${regex}$`, "i").test(path);
  expect(AMBIGUOUS_PATHS.filter((path) => !isRefusedByEnvoy(path))).toEqual([]);
  expect(ORDINARY_PATHS.filter(isRefusedByEnvoy)).toEqual([]);
  expect(outcomesInKong(["accept"], undefined, AMBIGUOUS_PATHS)).toEqual(AMBIGUOUS_PATHS.map(() => "400"));
  expect(outcomesInKong(["accept"], undefined, ORDINARY_PATHS)).toEqual(ORDINARY_PATHS.map(() => "kept"));
});

/** What the script does with a request that has one header: strip it, keep it, or answer with a status. */
function outcomesInKong(names: string[], values = [luaString("forged")], paths = ["/events"]): string[] {
  const script = inlineScript("kong.yaml", "access:\n        - |");
  const calls = names.flatMap((name) =>
    values.flatMap((value) =>
      // Kong's script reads the path without its query.
      paths.map(
        (path) => `print("LEFT " .. handle(${luaString(name)}, ${value}, ${luaBytes(path.replace(/[?].*/, ""))}))`,
      ),
    ),
  );
  return runLua(`
    package.preload["resty.http"] = function()
      local answer = { status = 200, headers = { ["X-Latchkey-Role"] = "Developer", ["X-Request-Id"] = "1" } }
      return { new = function() return { set_timeouts = function() end, request_uri = function() return answer end } end }
    end
    local function handle(name, value, path)
      local kept = { [name] = value }
      local refused
      kong = {
        ctx = { shared = {} },
        client = { get_forwarded_ip = function() return "192.0.2.1" end },
        router = { get_route = function() return { name = "events" } end },
        response = { exit = function(status) refused = status return status end },
        request = {
          get_headers = function() return { [name] = value } end,
          get_header = function() end,
          get_method = function() return "GET" end,
          get_raw_path = function() return path end,
        },
        service = { request = {
          clear_header = function(each) kept[each:lower()] = nil end,
          set_header = function(each, value) kept[each:lower()] = value end,
        } },
      }
      local run = function() ${script}
      end
      run()
      return refused or (kept[name] == value and "kept" or "stripped")
    end
    ${calls.join("\n")}`);
}

/** The first block of the file that begins so, without its indentation. */
function inlineScript(file: string, beginning: string): string {
  const text = page(file);
  const lines = text.slice(text.indexOf(beginning) + beginning.length + 1).split("\n");
  const indentation = /^ */.exec(lines[0] ?? "")?.[0] ?? "";
  const end = lines.findIndex((line) => line !== "" && !line.startsWith(indentation));
  return lines.slice(0, end < 0 ? undefined : end).join("\n");
}

const luaString = (text: string) => `[==[${text}]==]`;
const luaBytes = (text: string) =>
  `"${[...Buffer.from(text, "latin1")].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"`;

/** Runs the script in HAProxy's Lua, and returns what it printed behind LEFT. */
function runLua(script: string): string[] {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-lua-"));
  try {
    writeFileSync(join(directory, "script.lua"), `${script}\nos.exit(0)`);
    writeFileSync(join(directory, "haproxy.cfg"), `global\n  lua-load ${join(directory, "script.lua")}\n`);
    const printed = execFileSync(findOrInstallProgram("haproxy"), ["-c", "-f", join(directory, "haproxy.cfg")], {
      encoding: "utf8",
    });
    return [...printed.matchAll(/^LEFT (.*)$/gm)].map(([, name = ""]) => name);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
