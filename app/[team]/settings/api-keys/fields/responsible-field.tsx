"use client";

import { useEffect, useState } from "react";
import { SelectField } from "@/components/ui/field";
import type { KeyPerson } from "@/lib/api-keys/dto";
import { visibleText } from "@/lib/text/visible-text";
import { listResponsiblesAction } from "../change/actions";
import { useMintingOptions } from "../create/minting-context";

type ResponsibleFieldProps = {
  team: string;
  value: KeyPerson | null;
  onChange: (member: KeyPerson) => void;
  error?: string;
};

const REMINDERS = {
  mailed: "Receives reminders by email and in the console.",
  shown: "Reminders appear in the console; email isn't set up.",
};

/** A team key's contact. The other members are loaded when the list is opened. */
export function ResponsibleField({ team, value, onChange, error }: ResponsibleFieldProps) {
  const { self, isMailConfigured } = useMintingOptions();
  const [members, setMembers] = useState<KeyPerson[] | null>(null);
  useEffect(() => {
    let isGone = false;
    void listResponsiblesAction(team)
      .catch(() => null)
      .then((result) => !isGone && result?.ok && setMembers(result.data));
    return () => {
      isGone = true;
    };
  }, [team]);

  const isListed = !value || members?.some(({ id }) => id === value.id);
  const offered = [...(isListed ? [] : [value]), ...(members ?? [])];
  return (
    <SelectField
      label="Contact"
      hint={`${REMINDERS[isMailConfigured ? "mailed" : "shown"]} The key keeps working if they leave.`}
      error={error}
      value={value?.id ?? ""}
      onChange={(event) => {
        const member = offered.find(({ id }) => id === event.target.value);
        if (member) onChange(member);
      }}
    >
      {!value && <option value="">Choose a member</option>}
      {offered.map(({ id, name }) => (
        <option key={id} value={id}>
          {visibleText(name)}
          {id === self.id ? " (you)" : ""}
        </option>
      ))}
    </SelectField>
  );
}
