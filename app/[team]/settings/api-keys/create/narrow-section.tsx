"use client";

import { useState } from "react";
import { NarrowFields, narrowSummary } from "../change/narrow-fields";

/** The restriction fields, collapsed until they are opened, invalid or required by a policy. */
export function NarrowSection(props: Parameters<typeof NarrowFields>[0]) {
  const { value, types, requiresIps, errors } = props;
  const [isOpen, setOpen] = useState(requiresIps || value.type !== "" || value.addresses !== "");
  const hasError = Boolean(errors.resource || errors.allowedIps);
  return (
    <details
      open={isOpen || hasError}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="rounded-lg border border-line"
    >
      <summary className="cursor-pointer rounded-lg px-3 py-2.5 font-medium">
        Narrow it <span className="font-normal text-ink-soft">({narrowSummary(value, types)})</span>
      </summary>
      <div className="grid gap-5 border-line border-t px-3 py-4">
        <p className="text-ink-soft text-xs">
          A narrowed key is of little use to a thief. If one server uses it, give that server's address.
        </p>
        <NarrowFields {...props} />
      </div>
    </details>
  );
}
