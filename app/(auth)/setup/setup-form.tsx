"use client";

import { AccountForm } from "../account-form";
import { setUpAction } from "./actions";

const TEAM = {
  name: "teamName",
  label: "Team name",
  hint: "Usually your company or product, e.g. “Acme”.",
  autoComplete: "organization",
};

export function SetupForm({ code }: { code: string }) {
  return (
    <AccountForm
      first={TEAM}
      submitLabel="Create admin and team"
      busyLabel="Setting up…"
      send={(input) => setUpAction(code, input)}
      onDone={() => window.location.assign("/sign-in")}
    />
  );
}
