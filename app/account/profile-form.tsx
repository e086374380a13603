"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Field, Input } from "@/components/ui/field";
import { changeNameAction } from "./actions";
import { FormCard } from "./form-card";

export function ProfileForm({ name: savedName, email }: { name: string; email: string }) {
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
          <Field label="Name" hint="Your teams see it beside what you do." error={errors.name}>
            {(control) => (
              <Input
                {...control}
                autoComplete="name"
                maxLength={80}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label="E-mail" hint="You sign in with it. It can't be changed here.">
            {(control) => <Input {...control} type="email" className="bg-sunken!" readOnly value={email} />}
          </Field>
        </>
      )}
    </FormCard>
  );
}
