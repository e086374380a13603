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
            hint="Your teams see it beside what you do."
            error={errors.name}
            autoComplete="name"
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label="E-mail"
            hint={`You sign in with it. It can't be changed here.${isEmailConfirmed ? "" : " Unconfirmed."}`}
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
