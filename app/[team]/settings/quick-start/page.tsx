import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/page-header";
import { TitledSection } from "@/components/titled-section";
import { MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { requireActor } from "@/lib/auth/current-actor";
import { pagePath } from "@/lib/auth/page-path";
import { can } from "@/lib/auth/permissions";
import { addresses } from "@/lib/quick-start/addresses";
import { offeredScopes, readChoice } from "@/lib/quick-start/choice";
import { INTEGRATIONS } from "@/lib/quick-start/integrations";
import { snippetsFor } from "@/lib/quick-start/snippets";
import { tokenPattern } from "@/lib/quick-start/token-pattern";
import { BestPractice } from "./best-practice";
import { CodeBlock } from "./code-block";
import { IntegrationNotes } from "./integration-notes";
import { IntegrationTabs } from "./integration-tabs";
import { ScopeChoice } from "./scope-choice";

export const metadata: Metadata = { title: "Quick start" };

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** From creating a key to verifying a request, with this installation's URLs and the team's scopes. */
export default async function QuickStartPage({ params, searchParams }: Props) {
  const { team } = await params;
  const query = await searchParams;
  const path = `/${team}/settings/quick-start`;
  const actor = await requireActor(team, pagePath(path, query), ...MANAGE_ANY_KEYS);
  const { for: integration, ...scopes } = readChoice(query);
  const places = addresses();
  const snippets = await snippetsFor(integration, places, team, scopes);

  return (
    <div className="grid gap-10">
      <PageHeader
        title="Quick start"
        description="Create a key and verify your first request. Snippets use your URLs and scopes."
        action={<KeysLink path={`${path}/reference`}>API reference</KeysLink>}
      />
      <TitledSection title="1. Create keys">
        <ul className="grid max-w-prose list-disc gap-1 pl-5 text-ink-soft">
          <li>
            For each API client, create <KeysLink path={`/${team}/settings/api-keys`}>an API key</KeysLink> with only
            the scopes it needs.
          </li>
          <li>
            If your API verifies keys itself, also create{" "}
            {can(actor, MANAGE_KEYS.team) ? (
              <KeysLink path={`/${team}/settings/api-keys?kind=team`}>a team key</KeysLink>
            ) : (
              "a team key (ask a team admin)"
            )}{" "}
            with <code className="font-mono text-xs">keys.verify</code>. Gateways don’t need one.
          </li>
        </ul>
      </TitledSection>
      <TitledSection
        title="2. Verify requests"
        description="Choose your stack. Don’t cache results, so revoked keys stop working immediately."
      >
        <IntegrationTabs path={path} integration={integration} scopes={scopes} />
        <ScopeChoice integration={integration} scopes={scopes} offered={offeredScopes()} />
        <IntegrationNotes integration={integration} places={places} />
        {snippets.map(({ file, text }) => (
          <CodeBlock key={file} name={file} text={text} />
        ))}
        {snippets.length === 0 && (
          <p role="status" className="text-ink-soft">
            The docs folder isn’t installed here. Get the files for {INTEGRATIONS[integration].label} from Latchkey’s
            repository.
          </p>
        )}
      </TitledSection>
      <TitledSection
        title="3. Detect leaked tokens"
        description="Give this regular expression to your secret scanner (gitleaks, GitHub custom patterns, secretlint)."
      >
        <CodeBlock name="Token pattern" text={tokenPattern()} />
        <BestPractice>
          Treat any token seen in a repository, chat or log as compromised: revoke and replace it.
        </BestPractice>
      </TitledSection>
    </div>
  );
}

function KeysLink({ path, children }: { path: string; children: string }) {
  return (
    <Link href={path} prefetch={false} className="text-accent underline underline-offset-2">
      {children}
    </Link>
  );
}
