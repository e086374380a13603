import { operation, queryParameters } from "@/lib/openapi/operation";
import { listEventsSchema } from "@/lib/organizer/events";

const EXAMPLE = "Example of a protected API";
const OPERATIONS = "Operations";

/** The endpoints of the protected example. */
export function otherPaths() {
  return {
    "/organizer/events": {
      get: operation({
        tag: EXAMPLE,
        id: "listEvents",
        security: ["apiKey"],
        summary: "List the team's events",
        description: "Requires the scope `events.read`. A key restricted to one event sees only that event.",
        parameters: queryParameters(listEventsSchema),
        answers: { 200: { description: "A page of events, newest first.", schema: "EventListAnswer" } },
        problems: [400, 401, 403, 422, 429, 503],
      }),
      post: operation({
        tag: EXAMPLE,
        id: "createEvent",
        security: ["apiKey"],
        summary: "Create an event",
        description: "Requires the scope `events.write`.",
        body: { schema: "CreateEvent", example: { name: "Spring fair", starts_at: "2027-05-01T18:00:00Z" } },
        answers: { 201: { description: "The event.", schema: "EventAnswer" } },
        problems: [400, 401, 403, 413, 415, 422, 429, 503],
      }),
    },
    "/openapi.json": {
      get: operation({
        tag: OPERATIONS,
        id: "openapi",
        security: [],
        summary: "Get this document",
        answers: { 200: { description: "OpenAPI 3.1." } },
        problems: [],
      }),
    },
  };
}

/** Endpoints for operators, which are outside `/api/v1` and therefore have full paths. */
export function operationsPaths(origin: string) {
  const servers = [{ url: origin }];
  return {
    "/api/health/live": {
      servers,
      get: operation({
        tag: OPERATIONS,
        id: "live",
        security: [],
        summary: "Check that the process responds",
        answers: { 200: { description: "The process responds.", schema: "Liveness" } },
        problems: [],
      }),
    },
    "/api/health/ready": {
      servers,
      get: operation({
        tag: OPERATIONS,
        id: "ready",
        security: [],
        summary: "Check that requests can be served",
        answers: {
          200: { description: "The database is reachable and fully migrated.", schema: "Readiness" },
          503: { description: "Route requests to another instance.", schema: "Readiness" },
        },
        problems: [],
      }),
    },
    "/api/metrics": {
      servers,
      get: operation({
        tag: OPERATIONS,
        id: "metrics",
        security: [],
        summary: "Get verification metrics",
        description: "For Prometheus. Available to loopback and private IP addresses only.",
        answers: { 200: { description: "Metrics in Prometheus text format.", type: "text/plain" } },
        problems: [403],
      }),
    },
  };
}
