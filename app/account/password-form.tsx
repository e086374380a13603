"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { NewPasswordField } from "@/components/new-password-field";
import { TextField } from "@/components/ui/field";
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
          {/* Tells password managers which account this is. */}
          <input type="text" autoComplete="username" value={email} readOnly hidden />
          <TextField
            label="Current password"
            error={errors.current}
            type="password"
            autoComplete="current-password"
            value={typed.current}
            onChange={(event) => setTyped({ ...typed, current: event.target.value })}
          />
          <NewPasswordField
            label="New password"
            error={errors.password}
            value={typed.password}
            onChange={(event) => setTyped({ ...typed, password: event.target.value })}
          />
        </>
      )}
    </FormCard>
  );
}

const places = (count: number) => (count === 1 ? "1 other session" : `${count} other sessions`);
