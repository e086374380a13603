import type { KeyKind } from "@/lib/api-keys/kinds";

/** Texts of the page and its dialogs by kind of key. */
export const KIND_TEXTS = {
  personal: {
    tab: "My keys",
    description: "For scripts and integrations that call the API on your behalf, with only the scopes you choose.",
    listLabel: "Your API keys",
    create: "Create API key",
    createFirst: "Create your first API key",
    createDescription: "This key acts on your behalf, limited to the scopes you choose.",
    nonameIsReady: "Your API key is ready",
    noScopes: "Your role doesn't include any API permissions, so you can't create keys yet. Ask a team admin.",
    emptyTitle: "No API keys yet",
    emptyText:
      "Create one key per script or integration. Set its scopes and expiration, and revoke it any time without affecting the others.",
  },
  team: {
    tab: "Team keys",
    description: "Team keys belong to the team and keep working when members leave.",
    listLabel: "Team keys",
    create: "Create team key",
    createFirst: "Create the first team key",
    createDescription: "This key belongs to the team and keeps working when members leave.",
    nonameIsReady: "The team key is ready",
    noScopes: "Your role doesn't include any API permissions, so your team keys can only verify this team's keys.",
    emptyTitle: "No team keys yet",
    emptyText:
      "Use team keys for anything that shouldn't depend on one person: servers, gateways, CI jobs. With the scope keys.verify, your API can verify tokens.",
  },
} as const satisfies Record<KeyKind, Record<string, string>>;

/** Titles of the lists: keys of one kind, or all of the team. */
export const LIST_TEXTS = {
  ...KIND_TEXTS,
  all: {
    tab: "All keys",
    description: "All personal and team keys. You can revoke other members' personal keys, but not edit them.",
    listLabel: "All keys",
  },
} as const;
