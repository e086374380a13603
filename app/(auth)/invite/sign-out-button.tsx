"use client";

import { useTransition } from "react";
import { signOutAction } from "@/components/shell/actions";
import { Button } from "@/components/ui/button";

/** Signs out and shows the invitation again. */
export function SignOutButton() {
  const [isBusy, startTransition] = useTransition();
  const signOut = () =>
    startTransition(async () => {
      await signOutAction();
      window.location.reload();
    });
  return (
    <Button variant="primary" isBusy={isBusy} onClick={signOut}>
      Sign out
    </Button>
  );
}
