import { TabLinks } from "@/components/ui/tab-links";
import type { ScopePair } from "@/lib/quick-start/choice";
import { WAY_NAMES, WAYS, type Way } from "@/lib/quick-start/ways";

/** Links to the integrations, which preserve the chosen scopes. On a phone, the row scrolls. */
export function WayTabs({ path, way: current, scopes }: { path: string; way: Way; scopes: ScopePair }) {
  const tabs = WAY_NAMES.map((way) => ({
    label: WAYS[way].label,
    href: `${path}?${new URLSearchParams({ for: way, ...scopes })}`,
    isCurrent: way === current,
  }));
  return (
    <div className="overflow-x-auto pb-px">
      <div className="w-max min-w-full">
        <TabLinks label="What you have" tabs={tabs} />
      </div>
    </div>
  );
}
