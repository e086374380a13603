import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { errorProblem } from "@/lib/http/error-problem";
import { parseJson } from "@/lib/http/json-body";
import { readQuery } from "@/lib/http/query";
import { createEventSchema, listEventsSchema } from "@/lib/organizer/events";
import { changeKeySchema, createKeySchema, listKeysSchema, rotateKeySchema } from "@/lib/rest/schemas";
import { verifySchema } from "@/lib/verification/verify-schema";

const BODIES = { createKeySchema, changeKeySchema, rotateKeySchema, verifySchema, createEventSchema };
const QUERIES = { listKeysSchema, listEventsSchema };

type Refusal = { status: number; detail: string; errors?: { pointer?: string; parameter?: string; detail: string }[] };

function refusal(read: () => unknown): Refusal | null {
  try {
    read();
    return null;
  } catch (error) {
    return JSON.parse(errorProblem(error, "urn:request:test").body);
  }
}

const ofBody = (schema: z.ZodType, body: unknown) =>
  refusal(() => parseJson("application/json", JSON.stringify(body), schema));
const ofQuery = (schema: z.ZodObject, query: string) =>
  refusal(() => readQuery(new Request(`http://localhost/api/v1/x?${query}`), schema));

const LONG = "x".repeat(2_000);
const VALUES = [
  null,
  true,
  0,
  -1,
  1.5,
  1e9,
  "",
  "x",
  "\n",
  LONG,
  [],
  [null],
  [1],
  [""],
  [LONG],
  [{}],
  [[]],
  {},
  { type: 1 },
];
const MORE = [
  Array(300).fill("x"),
  { type: "", id: "" },
  { type: LONG, id: LONG },
  { type: "event", id: null },
  { a: 1 },
];

/** Wording from zod rather than ours. */
const ZODS = /^(Invalid|Too |Unrecognized|Expected|Required)|received|expected/i;

const shapeOf = (schema: z.ZodType): string[] => {
  const { def } = schema._zod as unknown as { def: { in?: z.ZodType; shape?: object } };
  return def.in ? shapeOf(def.in) : Object.keys(def.shape ?? {});
};

describe("what is wrong with a request is said in plain words", () => {
  test.each(Object.entries(BODIES))("in a body for %s", (_, schema) => {
    const fields = shapeOf(schema);
    expect(fields.length).toBeGreaterThan(1);
    const bodies: unknown[] = [...VALUES, { unknown: 1 }];
    for (const field of fields) for (const value of [...VALUES, ...MORE]) bodies.push({ [field]: value });
    let refused = 0;
    for (const body of bodies) {
      for (const { detail, pointer } of ofBody(schema, body)?.errors ?? []) {
        expect(detail, `${pointer} of ${JSON.stringify(body).slice(0, 200)}`).not.toMatch(ZODS);
        expect(detail).toMatch(/^[A-Z“].*\.$/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(fields.length * 5);
  });

  test.each(Object.entries(QUERIES))("in a query for %s", (_, schema) => {
    const fields = shapeOf(schema);
    for (const field of fields) {
      for (const value of ["", "x", "0", "-1", "1.5", "1000", "null", "a%00b", LONG]) {
        for (const { detail } of ofQuery(schema, `${field}=${value}`)?.errors ?? []) {
          expect(detail, `${field}=${value.slice(0, 20)}`).not.toMatch(ZODS);
        }
      }
    }
  });
});

test("everything that is wrong with a body is named at once, each in its place", () => {
  const body = {
    name: 1,
    scopes: ["events.read", "events.nope"],
    expires_in: "3 days",
    resource: { type: "event", id: "x" },
    allowed_ips: ["nonsense", "10.0.0.0/8", "10.0.0.0/33"],
    staus: "x",
  };
  const at = (schema: z.ZodType, sent: object) => ofBody(schema, sent)?.errors?.map(({ pointer }) => pointer);
  expect(at(createKeySchema, body)?.sort()).toEqual(
    ["/allowed_ips/0", "/allowed_ips/2", "/expires_in", "/name", "/resource/id", "/scopes/1", "/staus"].sort(),
  );
  const { scopes: _, ...change } = body;
  expect(at(changeKeySchema, change)?.sort()).toEqual(
    ["/allowed_ips/0", "/allowed_ips/2", "/expires_in", "/name", "/resource/id", "/staus"].sort(),
  );
  expect(at(createKeySchema, { scopes: ["events.read"], resource: { type: "planet", id: "1" } })).toEqual([
    "/resource/type",
  ]);
});

test("scopes can't be changed, and that is the one thing said", () => {
  const detail = "Scopes can't be changed. Rotate the key with fewer scopes instead.";
  expect(ofBody(changeKeySchema, { scopes: ["events.read"] })?.errors).toEqual([{ pointer: "/scopes", detail }]);
  expect(ofBody(changeKeySchema, { scopes: null, name: "x" })?.errors).toEqual([{ pointer: "/scopes", detail }]);
  expect(ofBody(changeKeySchema, { colour: "red" })?.errors).toEqual([
    { pointer: "/colour", detail: "This field doesn't exist." },
  ]);
  expect(ofBody(changeKeySchema, {})?.errors).toEqual([{ pointer: "", detail: "Send at least one field to change." }]);
});

describe("the list's query", () => {
  const errors = (query: string) => ofQuery(listKeysSchema, query)?.errors;

  test("has a misspelt filter refused by its name, and not everything answered", () => {
    expect(errors("staus=revoked&sort=name")).toEqual([
      { parameter: "staus", detail: "This parameter doesn't exist." },
      { parameter: "sort", detail: "This parameter doesn't exist." },
    ]);
    expect(errors("limit=0")).toEqual([{ parameter: "limit", detail: "Send at least 1." }]);
    expect(errors("status=active&status=revoked")).toEqual([
      { parameter: "status", detail: "Send this parameter once." },
    ]);
    expect(ofQuery(listKeysSchema, "foo=1")).toMatchObject({ status: 422, code: "invalid" });
  });

  test("says whose keys can be asked for", () => {
    for (const owner of ["team", "", "01a1ff47"]) {
      expect(errors(`owner=${owner}`)).toEqual([
        { parameter: "owner", detail: "Send me, all, or a member's ID. For the team's keys, send kind=team." },
      ]);
    }
    for (const owner of ["me", "all", "018f5b5e-0000-7000-8000-000000000000"]) {
      expect(errors(`owner=${owner}&kind=personal`)).toBeUndefined();
    }
  });

  test("passes over tokens, which are neither read nor repeated", () => {
    expect(errors("access_token=lk_pat_1&token=x&token=y")).toBeUndefined();
  });
});
