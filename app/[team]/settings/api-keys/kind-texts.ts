import type { KeyKind } from "@/lib/api-keys/kinds";

/** Texts of the page and its dialogs by kind of key. */
export const KIND_TEXTS = {
  personal: {
    tab: "My keys",
    description: "Keys let a script or another system call the API as you, with only the scopes you give it.",
    listLabel: "Your API keys",
    create: "Create API key",
    createFirst: "Create your first API key",
    createDescription: "It acts as you, with the scopes you pick.",
    nonameIsReady: "Your API key is ready",
    noScopes: "Your role has no API permissions, so there is nothing a key of yours could do. Ask a team admin.",
    emptyTitle: "No API keys yet",
    emptyText:
      "Make one key for each script or system that calls the API. You choose what it may do and when it expires, see when it was last used, and can revoke it at any moment without touching the others.",
  },
  team: {
    tab: "Team keys",
    description: "Team keys belong to the team and keep working when members leave.",
    listLabel: "Team keys",
    create: "Create team key",
    createFirst: "Create the first team key",
    createDescription: "It belongs to the team and keeps working when members leave.",
    nonameIsReady: "The team key is ready",
    noScopes: "Your role has no API permissions, so a key you make can only verify this team's keys.",
    emptyTitle: "No team keys yet",
    emptyText:
      "Make a team key for what must not depend on one person: a server, an API gateway, a CI job. It keeps working when members leave. With the scope keys.verify, your API or gateway can ask Latchkey whether a token is good.",
  },
} as const satisfies Record<KeyKind, Record<string, string>>;

/** Titles of the lists: keys of one kind, or all of the team. */
export const LIST_TEXTS = {
  ...KIND_TEXTS,
  all: {
    tab: "All keys",
    description:
      "Every key of the team, with whom it acts as. Of other people's personal keys, nothing but revoking is yours.",
    listLabel: "All keys",
  },
} as const;
