"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Field, Input } from "@/components/ui/field";
import { changePasswordAction } from "./actions";
import { FormCard } from "./form-card";

const EMPTY = { current: "", password: "" };

export function PasswordForm({ email }: { email: string }) {
  const router = useRouter();
  const [typed, setTyped] = useState(EMPTY);
  return (
    <FormCard
      submitLabel="Change password"
      fields={["current", "password"]}
      change={() => changePasswordAction(typed)}
      confirmation={({ endedSessions }) =>
        endedSessions === 0 ? "Password changed" : `Password changed; signed out of ${places(endedSessions)}`
      }
      onDone={() => {
        setTyped(EMPTY);
        router.refresh();
      }}
    >
      {(errors) => (
        <>
          {/* Tells a password manager whose password this is. */}
          <input type="text" autoComplete="username" value={email} readOnly hidden />
          <Field label="Current password" error={errors.current}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="current-password"
                value={typed.current}
                onChange={(event) => setTyped({ ...typed, current: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="New password"
            hint="8 to 128 characters; a few words in a row are good."
            error={errors.password}
          >
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="new-password"
                maxLength={128}
                value={typed.password}
                onChange={(event) => setTyped({ ...typed, password: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </FormCard>
  );
}

const places = (count: number) => (count === 1 ? "1 other place" : `${count} other places`);
