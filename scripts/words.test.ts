import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Words that screens, emails, errors and docs avoid, with the better ones. */
const WORDS: [avoided: RegExp, better: string][] = [
  [/\bwhoever\b|\bwhatever\b/i, "anyone who …, requests with …"],
  [/\b(some|any|every)body\b|\bstrangers?\b/i, "someone, anyone, everyone"],
  [/\bAPI (Keys|Tokens)\b|Key safety/, "API keys, API tokens, Review"],
  [/\be-mail|\b(was|were|is|are) mailed\b|\bmail (was|couldn|server didn)/i, "email, emailed"],
  [/\b([Kk]ey|[Rr]equest|[Ii]ts|of the|[Ee]vent|member's|role) id\b|"Id"/, "ID"],
  [/recognise|\bthe catalogue\b/i, "recognize, catalog"],
  [
    /\b[Mm]akes? (a|an|one|it|the) (a )?(narrower |new |session |team )*(key|link|token|successor)|\b[Mm]ade (before|more|on <)/,
    "create",
  ],
  [/\b(is|was|are|were|be|stays|of the|what is) refused\b|\bRefused:/, "denied"],
  [/\baccepted (call|and \$)|\bAccepted</, "allowed"],
  [/\b(calls|Calls) (a|per) day\b|\bNo calls\b/, "requests"],
  [/\bgets? 401\b|next (request|click) on\b|their next (request|click)\b|\bon your next click\b/i, "… immediately"],
  [/\b(stops?|effect|revoked|gone|401) at once\b/, "immediately"],
  [/\bdoesn't answer just now|\bcouldn't be \w+ just now|can't \w+ \w+ just now/, "right now"],
  [
    /\bNarrow(ing)? (it|saved)|"Narrow"|“Narrow”|\b[Nn]arrow(ed)? (to|it|key|successor)\b|\ba narrower/,
    "restrict, restrictions",
  ],
  [
    /["`>]([Tt]he )?[Ww]hole team\b|\bfrom anywhere\b|\bany address\b|"(Addresses|Reaches)"/,
    "all resources, any IP, IP allowlist",
  ],
  [/"Responsible|\bresponsible (member\b(?! *[=:])|for)|\bChange responsible/, "contact"],
  [/\b[Tt]he overlap\b|\b(End|Default|Choose an|default) overlap\b|"Overlap|without an overlap/, "grace period"],
  [/\b(offered|offers?) (it )?first\b|\bUsual:/i, "default"],
  [/\bfor ever\b|\blives? (for|an|until)\b|\blet no key live/i, "never expires, is valid for"],
  [/\b(policy|team|server) (wants|demands)\b|wants (a|every|TLS)\b/, "requires"],
  [/\bgo(es)? on (working|using|as|without|with)\b|\bto go on\b|\bwork(s)? on (as|after)\b/i, "keep, continue"],
  [/\b(hand|handed|hands) (it |them )?over\b/, "send, convert, change the contact"],
  [/\bTick that\b|\b(my|your) ticks\b|\bscopes? ticked|\byou ticked\b/, "select, changes"],
  [/\bPick at least|\bpicked\b|\byou pick\b/, "select"],
  [/\bType (your|a|an|the|some)\b/, "enter"],
  [/\b(in|isn't in) force\b|\bany more\b/, "active, inactive, no longer"],
  [/\bis no (UUID|IPv4|active|member)\b|\bno such\b/, "isn't a …, not found"],
  [/\b(look|looks) after\b|\bnotices\b(?= about| is)/i, "hear about, reminders"],
  [/\blet(s)? (it|the request|preflights|CORS \w+) through\b|\blet in\b/i, "allow"],
  [/\b(can|could)('t| not) be (used|looked) .*any more|meanwhile\./, "no longer; since you opened it"],
  [/\bstays? as it is\b|\bas the role is\b/, "doesn't change"],
  [/\bkeeps? to the policy|\bbreaks? (this|the) policy|\bfits? the policy/i, "comply"],
];

/** Parts of sentences that none of these words catches. */
const PHRASES: [avoided: string, better: string][] = [
  ["opens in this team", "Manage your team's keys, people and rules."],
  ["What members may", "Control what each role can do"],
  ["Who is in the team", "Invite people, change roles, remove access."],
  ["step by step", "Make your first authenticated request."],
  ["send it with each call", "Connect scripts and services to your team's data with an API key."],
  ["It acts as you", "acts on your behalf"],
  ["nothing a key of yours", "Your role doesn't include any API permissions"],
  ["nothing but revoking", "You can revoke other members' personal keys, but not edit them."],
  ["whole token", "paste a token"],
  ["Used or not", "Any usage"],
  ["By name, backwards", "Name Z-A"],
  ["Used latest", "Recently used"],
  ["Unused longest", "Least recently used"],
  ["many keys to look through", "Still searching…"],
  ["Change the search", "Try another search or clear the filters."],
  ["half a year", "will be hard to recognize later"],
  ["the most a member may have", "You've reached your limit"],
  ["until the end of this day", "Expires at the end of this day"],
  ["little use to a thief", "limit the damage if a key leaks"],
  ["from where", "from which IP address"],
  ["Looking at their use", "Checking recent usage…"],
  ["shown only this once", "You won't see it again."],
  ["which you can't give", "because you can no longer grant it"],
  ["Renewed every", "Updates every 15 seconds."],
  ["Safe to end", "No recent requests with the old token."],
  ["pasted token: ", "This token's key is hidden by your filters."],
  ["not exercised", "Unused scopes"],
  ["none of its scopes", "This key hasn't been used yet."],
  ["can't know", "We can't tell"],
  ["Nothing would be left", "No scopes would remain."],
  ["struck through", "Crossed-out scopes are inactive"],
  ["May be used", "Allowed IP addresses"],
  ["want a decision", "need attention"],
  ["somewhere new", "Used from a new IP address"],
  ["before the team's policy was", "Created before the current policy."],
  ["give them longer", "extend them"],
  ["makes sure of an end", "Without an expiration, …"],
  ["silent for", "Not used in 90 days."],
  ["not used once", "never used"],
  ["dealt with", "Showing 15 of 200+."],
  ["what mends it", "how to fix it"],
  ["The X-Request-Id of", "Enter an X-Request-Id or …"],
  ["carries an X-Request-Id", "Every response includes an X-Request-Id."],
  ["has a typo", "was mistyped (checksum mismatch)"],
  ["Which of these", "Choose a key"],
  ["summed up", "grouped by day"],
  ["a minute are kept", "We keep the first five per minute"],
  ["also what is added later", "including future ones"],
  ["What saving does", "Impact"],
  ["Take this away", "Remove these permissions?"],
  ["Start from theirs", "Use theirs"],
  ["Begin with the permissions", "Copy permissions from"],
  ["You can give it back", "You can add them back any time."],
  ["and would be lost", "You have unsaved changes"],
  ["What each may do", "Role changes apply immediately"],
  ["a link that works once", "a one-time link"],
  ["no mail server", "Email isn't set up."],
  ["grant no more than your own", "You can assign roles up to your own permissions."],
  ["The team disappears", "They lose access immediately"],
  ["outlives members", "team keys keep working when members leave"],
  ["I accept that", "I understand that"],
  ["is worth nothing", "Expired keys are useless if they leak."],
  ["Longest lifetime", "Maximum lifetime"],
  ["Leave it empty", "Leave blank"],
  ["names the addresses", "Require an IP allowlist"],
  ["a member may have", "per member"],
  ["members may grant", "Scope limits"],
  ["ends no key", "No keys will stop working."],
  ["and was left out", "Ignored unknown filter"],
  ["neither changed nor deleted", "can't be edited or deleted"],
  ["Answers hold for one request", "Don't cache results"],
  ["counts as known to all", "Treat … as compromised"],
  ["Find tokens that leak", "Detect leaked tokens"],
  ["Check them in front", "Verify requests"],
  ["a checked request", "verify your first request"],
  ["asks by itself", "verifies keys itself"],
  ["To change (POST", "Write scope"],
  ["is no key", "If Latchkey is unreachable, requests are denied."],
  ["Written after", "Based on the vendor's docs"],
  ["the API’s own address", "Replace the upstream and paths."],
  ["what it takes and what", "All endpoints, parameters and responses."],
  ["good for something", "Verify tokens"],
  ["gateway's question", "Authorize a gateway request"],
  ["Look at a key", "Get a key"],
  ["by a new one", "Rotate a key"],
  ["that you belong to", "Your profile and security settings."],
  ["as you, by the REST", "through the REST API"],
  ["beside what you do", "Shown to teammates"],
  ["You sign in with it", "Used to sign in."],
  ["Where you are signed in", "Active sessions"],
  ["This one<", "This device"],
  ["a few words in a row", "A short phrase works well."],
  ["As the system", "System"],
  ["has no screens", "You don't have access to any settings yet."],
  ["doesn't include this page", "You don't have access to this page"],
  ["There is nothing here", "Page not found"],
  ["You are not in a team", "You're not in any team yet"],
  ["stays like this", "If this continues, check the server log."],
  ["until there is a first admin", "once an admin exists"],
  ["You become the admin", "You'll be the admin."],
  ["Whose API", "Usually your company or product"],
  ["still good for", "can still use this invitation"],
  ["It works once, for", "It may have expired, been used or been withdrawn."],
  ["You have been signed out", "You've been signed out. Sign in to continue."],
  ["Nobody matches", "No members found."],
  ["couldn't be read", "We couldn't load this list."],
  ["A name helps", "Name the system and environment"],
  ["Servers only", "Keep it on the server"],
  ["of them were used", "All 100 were used today."],
  ["Days are UTC", "UTC days; today is partial."],
  ["nothing has asked for", "Not needed by any request"],
  ["by which program", "Recent IP addresses and user agents."],
  ["More than one key", "Several keys match."],
  ["begin with none", "None (start from scratch)"],
  ["is set to at first", "Preselected for new keys."],
  ["needs a day on which", "new keys need an expiration date"],
  ['"When", "Who"', "Time, Actor, Event, Target, IP address"],
  ["For who calls", "For each API client"],
  ["To read (", "Read scope"],
  ["may be mistyped", "Check the URL."],
  ["Ask an admin of the team", "Ask a team admin"],
  ["invites you", "invited you to join as …"],
];

const RULES = [...WORDS, ...PHRASES.map(([phrase, better]) => [new RegExp(escaped(phrase)), better] as const)];

const COMMENTS_AND_STRINGS = /("(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g;
const IMPORTS = /^(?:import|export) [^;]*? from "[^"]*";$/gm;

/** The source without comments and imports; line numbers are preserved. */
const withoutComments = (source: string) =>
  source
    .replace(COMMENTS_AND_STRINGS, (all, string) => string ?? all.replace(/[^\n]/g, ""))
    .replace(IMPORTS, (all) => all.replace(/[^\n]/g, ""));

/** Files with texts that users read. Titles of tests and decision records have other readers. */
function sources(): string[] {
  const folders = ["app", "components", "lib", "server", "verifier", "scripts", "docs"];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  return ["README.md", ...files].filter(
    (file) =>
      /\.(tsx?|mjs|md|conf|cfg|lua|yaml)$|Caddyfile$/.test(file) &&
      !/\.test\.|\/testing\/|^docs\/(replaces|decisions)/.test(file),
  );
}

function avoidedIn(file: string, text: string): string[] {
  const lines = (/\.(tsx?|mjs)$/.test(file) ? withoutComments(text) : text).split("\n");
  return lines.flatMap((line, index) =>
    RULES.flatMap(([avoided, better]) => {
      const match = avoided.exec(line);
      return match ? [`${file}:${index + 1}: “${match[0]}” → ${better}`] : [];
    }),
  );
}

function escaped(phrase: string): string {
  return phrase.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

test("screens, emails, errors and docs use the product's words", () => {
  expect(sources().flatMap((file) => avoidedIn(file, readFileSync(file, "utf8")))).toEqual([]);
});

test("an avoided word is found in strings and between tags, and not in comments", () => {
  const source = '// Whoever has it.\nconst hint = "Whoever has it."; /* Whoever */\n<p>\n  Your e-mail\n</p>';
  expect(avoidedIn("screen.tsx", source).map((line) => line.split(" →")[0])).toEqual([
    "screen.tsx:2: “Whoever”",
    "screen.tsx:4: “e-mail”",
  ]);
});
