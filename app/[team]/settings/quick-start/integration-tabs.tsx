import { TabLinks } from "@/components/ui/tab-links";
import type { ScopePair } from "@/lib/quick-start/choice";
import { INTEGRATION_NAMES, INTEGRATIONS, type Integration } from "@/lib/quick-start/integrations";

/** Links to the integrations, which preserve the chosen scopes. On a phone, the row scrolls. */
export function IntegrationTabs({
  path,
  integration: current,
  scopes,
}: {
  path: string;
  integration: Integration;
  scopes: ScopePair;
}) {
  const tabs = INTEGRATION_NAMES.map((integration) => ({
    label: INTEGRATIONS[integration].label,
    href: `${path}?${new URLSearchParams({ for: integration, ...scopes })}`,
    isCurrent: integration === current,
  }));
  return (
    <div className="overflow-x-auto pb-px">
      <div className="w-max min-w-full">
        <TabLinks label="Your stack" tabs={tabs} />
      </div>
    </div>
  );
}
