import { RelativeTime } from "@/components/time";
import { TitledSection } from "@/components/titled-section";
import { Cell, DataTable, HeadCells, NothingFound, Row } from "@/components/ui/data-table";
import type { KeyAddress } from "@/lib/calls/key-addresses";
import { visibleText } from "@/lib/text/visible-text";

const HEADINGS = ["IP address", "User agent", "First seen", "Last seen"];

export function AddressTable({ addresses, now }: { addresses: KeyAddress[]; now: string }) {
  return (
    <TitledSection title="IP addresses" description="Recent IP addresses and user agents.">
      {addresses.length === 0 ? (
        <NothingFound>No successful requests yet.</NothingFound>
      ) : (
        <DataTable head={<HeadCells labels={HEADINGS} />}>
          {addresses.map(({ ip, userAgent, firstAt, lastAt }) => (
            <Row key={ip}>
              <Cell data-label="IP address" className="cell-wide font-mono text-xs leading-5">
                {ip}
              </Cell>
              <Cell data-label="User agent" className="cell-wide text-ink-soft">
                {userAgent ? visibleText(userAgent) : "Not sent"}
              </Cell>
              <Cell data-label="First seen">
                <RelativeTime iso={firstAt} now={now} />
              </Cell>
              <Cell data-label="Last seen">
                <RelativeTime iso={lastAt} now={now} />
              </Cell>
            </Row>
          ))}
        </DataTable>
      )}
    </TitledSection>
  );
}
