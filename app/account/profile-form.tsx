"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { TextField } from "@/components/ui/field";
import { changeNameAction } from "./actions";
import { FormCard } from "./form-card";

type ProfileProps = { name: string; email: string; isEmailConfirmed: boolean };

export function ProfileForm({ name: savedName, email, isEmailConfirmed }: ProfileProps) {
  const router = useRouter();
  const [name, setName] = useState(savedName);
  return (
    <FormCard
      submitLabel="Save name"
      fields={["name"]}
      change={() => changeNameAction({ name })}
      confirmation={() => "Name saved"}
      onDone={(saved) => {
        setName(saved.name);
        router.refresh();
      }}
    >
      {(errors) => (
        <>
          <TextField
            label="Name"
            hint="Shown to teammates and in the audit log."
            error={errors.name}
            autoComplete="name"
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label="Email"
            hint={`Used to sign in. You can't change it here.${isEmailConfirmed ? "" : " Unconfirmed."}`}
            type="email"
            className="bg-sunken!"
            readOnly
            value={email}
          />
        </>
      )}
    </FormCard>
  );
}
