import { RelativeTime } from "@/components/time";
import { TitledSection } from "@/components/titled-section";
import { Cell, DataTable, HeadCells, NothingFound, Row } from "@/components/ui/data-table";
import type { KeyAddress } from "@/lib/calls/key-addresses";
import { visibleText } from "@/lib/text/visible-text";

const HEADINGS = ["Address", "Program", "First seen", "Last seen"];

export function AddressTable({ addresses, now }: { addresses: KeyAddress[]; now: string }) {
  return (
    <TitledSection title="Addresses" description="From where the key was used last, and by which program.">
      {addresses.length === 0 ? (
        <NothingFound>No accepted call has been seen yet.</NothingFound>
      ) : (
        <DataTable head={<HeadCells labels={HEADINGS} />}>
          {addresses.map(({ ip, userAgent, firstAt, lastAt }) => (
            <Row key={ip}>
              <Cell data-label="Address" className="cell-wide font-mono text-xs leading-5">
                {ip}
              </Cell>
              <Cell data-label="Program" className="cell-wide text-ink-soft">
                {userAgent ? visibleText(userAgent) : "Not said"}
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
