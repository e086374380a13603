import { RelativeTime } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Cell, DataTable, HeadCells, Row } from "@/components/ui/data-table";
import type { InvitationDto } from "@/lib/invitations/dto";
import { visibleText } from "@/lib/text/visible-text";

export type InvitationAction = "renew" | "withdraw";

const HEADINGS = ["For", "Role", "Invited by", "Expires"];

type TableProps = {
  invitations: InvitationDto[];
  now: string;
  onAction: (action: InvitationAction, invitation: InvitationDto) => void;
};

/** Open and recently expired invitations. */
export function InvitationsTable({ invitations, now, onAction }: TableProps) {
  return (
    <DataTable head={<HeadCells labels={HEADINGS} last="Actions" />}>
      {invitations.map((invitation) => (
        <InvitationRow
          key={invitation.id}
          invitation={invitation}
          now={now}
          onAction={(action) => onAction(action, invitation)}
        />
      ))}
    </DataTable>
  );
}

type RowProps = { invitation: InvitationDto; now: string; onAction: (action: InvitationAction) => void };

function InvitationRow({ invitation, now, onAction }: RowProps) {
  const { email, roleName, invitedBy, expiresAt, isExpired, isUsable, isChangeable } = invitation;
  const whom = email ?? "anyone with the link";
  return (
    <Row>
      <Cell className="cell-wide font-medium">
        {email ?? "Anyone with the link"} {isExpired && <Badge>Expired</Badge>}
        {!isExpired && !isUsable && <Badge tone="warning">Blocked: the inviter lost permission</Badge>}
      </Cell>
      <Cell data-label="Role">{visibleText(roleName)}</Cell>
      <Cell data-label="Invited by">{visibleText(invitedBy)}</Cell>
      <Cell data-label="Expires">
        <RelativeTime iso={expiresAt} now={now} />
      </Cell>
      <Cell className="cell-wide">
        {isChangeable && (
          <span className="flex flex-wrap gap-2 xl:-my-1.5 xl:justify-end">
            <Button
              aria-label={isExpired ? `Invite again: ${whom}` : `New link for ${whom}`}
              onClick={() => onAction("renew")}
            >
              {isExpired ? "Invite again" : "New link"}
            </Button>
            <Button
              variant="ghost"
              aria-label={`${isExpired ? "Remove" : "Withdraw"} the invitation for ${whom}`}
              onClick={() => onAction("withdraw")}
            >
              {isExpired ? "Remove" : "Withdraw"}
            </Button>
          </span>
        )}
      </Cell>
    </Row>
  );
}
