"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useState } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import { SelectField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ActionResult } from "@/lib/action-result";
import { nameOrEnds } from "@/lib/api-keys/key-label";
import { OVERLAP_CHOICES, type OverlapChoice, overlapEnd } from "@/lib/api-keys/rotate/overlap";
import type { ReplacedApiKey } from "@/lib/api-keys/rotate/replace-key";
import { formatDate } from "@/lib/text/date-format";
import { visibleText } from "@/lib/text/visible-text";
import type { KeyDialogProps } from "../change/edit-name-dialog";
import { useMintingOptions } from "../create/minting-context";
import { TokenDialog } from "../create/token-dialog";
import { AddressesField, addressesIn } from "../fields/addresses-field";
import { ExpiryField, type ExpiryValue, expiryInput } from "../fields/expiry-field";
import { renewApiKeyAction, rotateApiKeyAction } from "./actions";
import { expiryLikeBefore } from "./expiry-like-before";

type ReplaceDialogProps = KeyDialogProps & { apiUrl: string };

/** `scopes`: those that the successor keeps; default: all. */
type RotateDialogProps = ReplaceDialogProps & { scopes?: string[] | undefined };

/** Creates a key's successor and shows its token once; the old token works for the chosen grace period. */
export function RotateDialog(props: RotateDialogProps) {
  const { team, apiKey, scopes } = props;
  const { policy } = useMintingOptions();
  const [overlap, setOverlap] = useState<OverlapChoice>(policy.defaultOverlap);
  return (
    <ReplaceDialog
      {...props}
      title={`Rotate “${nameOf(apiKey)}”`}
      description={`Creates a replacement with ${scopes ? `only ${scopes.join(", ")}, and the same restrictions` : "the same scopes and restrictions"}.`}
      submitLabel="Rotate key"
      replace={(terms) => rotateApiKeyAction(team, { id: apiKey.id, overlap, ...terms, ...(scopes && { scopes }) })}
      noteFor={({ predecessor }) =>
        predecessor.status === "active" && predecessor.expiresAt
          ? `The old token works until ${formatDate(predecessor.expiresAt, "time")}. Switch to the new one, then end the grace period from the old key's menu, which shows remaining usage.`
          : "The old token has stopped working."
      }
    >
      {(errors) => (
        <SelectField
          label="Grace period"
          hint={overlapHint(overlap, apiKey.expiresAt)}
          error={errors.overlap}
          value={overlap}
          onChange={(event) => setOverlap(event.target.value as OverlapChoice)}
        >
          {Object.entries(OVERLAP_CHOICES).map(([choice, { label }]) => (
            <option key={choice} value={choice}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
    </ReplaceDialog>
  );
}

/** Creates the successor of an expired key and shows its token once. */
export function RenewDialog(props: ReplaceDialogProps) {
  const { team, apiKey } = props;
  return (
    <ReplaceDialog
      {...props}
      title={`Renew “${nameOf(apiKey)}”`}
      description="Creates a replacement with the same scopes and restrictions. The old token stays expired."
      submitLabel="Renew key"
      replace={(terms) => renewApiKeyAction(team, { id: apiKey.id, ...terms })}
      noteFor={() => null}
    />
  );
}

/** The successor's changed terms. */
type NewTerms = { expiry: ReturnType<typeof expiryInput>; allowedIps?: string[] };

type FormProps = ReplaceDialogProps & {
  title: string;
  description: string;
  submitLabel: string;
  replace: (terms: NewTerms) => Promise<ActionResult<ReplacedApiKey>>;
  noteFor: (replaced: ReplacedApiKey) => string | null;
  children?: (errors: Record<string, string>) => ReactNode;
};

function ReplaceDialog(props: FormProps) {
  const { team, apiKey, apiUrl, title, description, submitLabel, replace, noteFor, onClose, children } = props;
  const { policy } = useMintingOptions();
  const [opener] = useState(() => document.activeElement as HTMLElement);
  const [before] = useState(() => expiryLikeBefore(policy, apiKey));
  const [expiry, setExpiry] = useState<ExpiryValue>({ choice: before.choice, day: "" });
  // The policy may be newer than the key; its successor must comply.
  const wantsAddresses = policy.requiresIps && apiKey.allowedIps.length === 0;
  const [addresses, setAddresses] = useState("");
  const [replaced, setReplaced] = useState<ReplacedApiKey | null>(null);
  const router = useRouter();
  const closeToken = useCallback(() => {
    onClose();
    // The list was read before the new key's first use.
    router.refresh();
  }, [onClose, router]);

  if (replaced) {
    return (
      <TokenDialog
        team={team}
        apiUrl={apiUrl}
        created={replaced}
        note={<ReplacedNote note={noteFor(replaced)} droppedScopes={replaced.droppedScopes} />}
        opener={opener}
        onClose={closeToken}
      />
    );
  }
  return (
    <ChangeDialog
      title={title}
      description={description}
      submitLabel={submitLabel}
      change={() =>
        replace({ expiry: expiryInput(expiry), ...(wantsAddresses && { allowedIps: addressesIn(addresses) }) })
      }
      onDone={(data) => {
        setReplaced(data);
        router.refresh();
      }}
      onClose={onClose}
      fields={["overlap", "expiry", ...(wantsAddresses ? ["allowedIps"] : [])]}
    >
      {(errors) => (
        <>
          {children?.(errors)}
          <ExpiryField
            value={expiry}
            onChange={setExpiry}
            policy={policy}
            keep={before.choice === "keep" ? before : undefined}
            remark={"remark" in before ? before.remark : undefined}
            error={errors.expiry}
          />
          {wantsAddresses && (
            <AddressesField value={addresses} onChange={setAddresses} isRequired error={errors.allowedIps} />
          )}
        </>
      )}
    </ChangeDialog>
  );
}

function ReplacedNote({ note, droppedScopes }: { note: string | null; droppedScopes: string[] }) {
  return (
    <>
      {note && <Notice>{note}</Notice>}
      {droppedScopes.length > 0 && (
        <Notice tone="warning">
          The new key doesn't include {droppedScopes.join(", ")} because you can no longer grant it.
        </Notice>
      )}
    </>
  );
}

const nameOf = (apiKey: KeyDialogProps["apiKey"]) => visibleText(nameOrEnds(apiKey));

function overlapHint(overlap: OverlapChoice, expiresAt: string | null): string {
  if (overlap === "none") return "For leaked tokens. Requests with the old token will fail immediately with 401.";
  const end = overlapEnd(overlap, new Date(), expiresAt ? new Date(expiresAt) : null);
  const isOwnExpiry = expiresAt !== null && end.toISOString() === expiresAt;
  const until = formatDate(end, "time");
  return isOwnExpiry
    ? `The old token works until it expires, ${until}.`
    : `The old token works until ${until}. You can end this earlier.`;
}
