"use client";

import { type FormEvent, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure } from "@/lib/action-result";
import type { NewInvitation } from "@/lib/invitations/dto";
import { INVITATION_DAYS } from "@/lib/invitations/limits";
import type { RoleChoice } from "@/lib/members/grantable-role";
import { inviteMemberAction } from "./actions";
import { LinkDialog } from "./link-dialog";
import { RoleField } from "./role-field";

type InviteDialogProps = {
  team: string;
  roles: RoleChoice[];
  hasMail: boolean;
  opener: HTMLElement;
  onClose: () => void;
  onDone: () => void;
};

/** Asks for an optional email address and a role, then shows the link. */
export function InviteDialog({ team, roles, hasMail, opener, onClose, onDone }: InviteDialogProps) {
  const [email, setEmail] = useState("");
  const [roleId, setRoleId] = useState(usualRole(roles));
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [invited, setInvited] = useState<NewInvitation | null>(null);
  const [isBusy, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const result = await inviteMemberAction(team, { email: email.trim(), roleId }).catch(unanswered);
      if (result.ok) setInvited(result.data);
      else setProblem(result.error);
    });
  }

  if (invited) return <LinkDialog invitation={invited} opener={opener} onClose={onDone} />;
  const fields = problem?.fields ?? {};
  return (
    <Dialog
      title="Invite member"
      description={`They'll get a one-time link that expires in ${INVITATION_DAYS} days.`}
      opener={opener}
      onClose={onClose}
    >
      <form onSubmit={submit} className="contents" noValidate>
        <DialogBody>
          {problem && Object.keys(fields).length === 0 && (
            <Notice tone="danger" role="alert">
              {problem.message}
            </Notice>
          )}
          <TextField
            label="Email"
            isOptional
            hint={
              hasMail
                ? "With an email, we send the link and only that person can use it. Without one, anyone with the link can join."
                : "With an email, only that person can use the link. Without one, anyone with the link can join."
            }
            error={fields.email}
            type="email"
            autoComplete="off"
            maxLength={254}
            placeholder="ada@example.com"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <RoleField roles={roles} value={roleId} onChange={setRoleId} error={fields.roleId} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={isBusy}>
            {isBusy ? "Inviting…" : hasMail && email.trim() ? "Send invitation" : "Create link"}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

/** The preselected role is Developer, or else the last one, so that nobody becomes an Admin by accident. */
function usualRole(roles: RoleChoice[]): string {
  return (roles.find(({ name }) => name === "Developer") ?? roles.at(-1))?.id ?? "";
}
