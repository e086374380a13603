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
        Restrict access
        <span className="font-normal text-ink-soft">
          {requiresIps ? "" : " (optional)"}: {narrowSummary(value, types)}
        </span>
      </summary>
      <div className="grid gap-5 border-line border-t px-3 py-4">
        <p className="text-ink-soft text-xs">
          Restrictions limit the damage if a key leaks. Used by one server? Allow only its IP address.
        </p>
        <NarrowFields {...props} />
      </div>
    </details>
  );
}
