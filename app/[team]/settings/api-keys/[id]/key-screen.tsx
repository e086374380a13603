import { BackLink } from "@/components/back-link";
import { CallsChart } from "@/components/charts/calls-chart";
import { PageHeader } from "@/components/page-header";
import { TitledSection } from "@/components/titled-section";
import { TabLinks } from "@/components/ui/tab-links";
import { tokenEnds } from "@/lib/api-keys/key-label";
import { PERIODS, type Period } from "@/lib/calls/calls-by-day";
import type { KeyPage } from "@/lib/insights/key-page";
import { visibleText } from "@/lib/text/visible-text";
import { KeyStatus } from "../key-status";
import { AddressTable } from "./address-table";
import { AuditTrail } from "./audit-trail";
import { KeyActions, WithKeyDialogs } from "./key-actions";
import { KeyFacts } from "./key-facts";
import { Overlap } from "./overlap";
import { PlainLink } from "./plain-link";
import { RotationChain } from "./rotation-chain";
import { ScopeUse } from "./scope-use";

type ScreenProps = {
  team: string;
  page: KeyPage;
  period: Period;
  apiUrl: string;
  now: string;
};

export function KeyScreen({ team, page, period, apiUrl, now }: ScreenProps) {
  const { key } = page;
  const keys = `/${team}/settings/api-keys`;
  return (
    <WithKeyDialogs team={team} apiUrl={apiUrl} now={now}>
      <div className="grid min-w-0 gap-8">
        <div className="grid gap-3">
          <BackLink href={key.kind === "team" ? `${keys}?kind=team` : keys}>API keys</BackLink>
          <PageHeader
            title={visibleText(key.name ?? "Unnamed API key")}
            description={
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <code className="font-mono text-xs">{tokenEnds(key)}</code>
                <KeyStatus apiKey={key} />
                <PlainLink href={`${keys}/why?q=${key.id}`}>Why did it stop?</PlainLink>
              </span>
            }
            action={<KeyActions apiKey={key} />}
          />
        </div>
        <KeyFacts page={page} now={now} />
        {page.cutOver && <Overlap team={team} keyId={key.id} cutOver={page.cutOver} />}
        <TitledSection title="Requests per day" description="UTC days; today is partial.">
          <PeriodTabs period={period} path={`${keys}/${key.id}`} />
          <CallsChart days={page.days} />
        </TitledSection>
        <ScopeUse page={page} period={period} />
        <AddressTable addresses={page.addresses} now={now} />
        {page.chain.length > 0 && <RotationChain chain={page.chain} currentId={key.id} path={keys} />}
        <AuditTrail team={team} page={page} />
      </div>
    </WithKeyDialogs>
  );
}

function PeriodTabs({ period, path }: { period: Period; path: string }) {
  const tabs = PERIODS.map((days) => ({
    label: `${days} days`,
    href: days === PERIODS[0] ? path : `${path}?days=${days}`,
    isCurrent: days === period,
  }));
  return <TabLinks label="Period" tabs={tabs} />;
}
