import { ADMIN, type Ids } from "./own-console";

/** Each server action's arguments after the team. Actions that delete or end something come last. */
export function actionArguments({ team, key, role, member, invitation, session }: Ids): Record<string, unknown[]> {
  const expiry = { in: "90d" };
  const narrowing = { resource: { type: "event", id: member }, allowedIps: ["192.0.2.1"] };
  const create = { kind: "personal", name: "Name", scopes: ["events.read"], expiry, ...narrowing };
  const policy = {
    defaultLifetime: "90d",
    maxLifetimeDays: null,
    mayNeverExpire: true,
    requiresIps: false,
    maxActiveKeys: 1000,
    defaultOverlap: "24h",
    memberScopes: ["events.read"],
  };
  return {
    createApiKeyAction: [team, create],
    renameApiKeyAction: [team, { id: key, name: "Name" }],
    changeExpiryAction: [team, { id: key, expiry: { at: "2090-01-01T00:00:00Z" } }],
    narrowApiKeyAction: [team, { id: key, ...narrowing }],
    changeResponsibleAction: [team, { id: key, responsibleMemberId: member }],
    listResponsiblesAction: [team],
    rotateApiKeyAction: [team, { id: key, scopes: ["events.read"], overlap: "24h", expiry }],
    renewApiKeyAction: [team, { id: key, expiry, allowedIps: ["192.0.2.1"] }],
    endOverlapAction: [team, { id: key }],
    readLastUseAction: [team, { id: key }],
    readCutOverAction: [team, { id: key }],
    explainStopAction: [team, { text: "Name" }],
    previewRevocationAction: [team, { ids: [key] }],
    previewPolicyAction: [team, policy],
    savePolicyAction: [team, { ...policy, seen: null }],
    inviteMemberAction: [team, { email: "new@example.com", roleId: role }],
    renewInvitationAction: [team, { id: invitation }],
    withdrawInvitationAction: [team, { id: invitation }],
    changeMemberRoleAction: [team, { id: member, roleId: role }],
    previewMemberRoleAction: [team, { id: member, roleId: role }],
    confirmAddressAction: [team, { id: member, email: ADMIN.email }],
    listLeavingKeysAction: [team, { id: member }],
    removeMemberAction: [
      team,
      { id: member, listed: [key], keys: [{ id: key, fate: "revoke" }], acceptsKnownTokens: true },
    ],
    createRoleAction: [team, { name: "Name", copyOf: role }],
    renameRoleAction: [team, { roleId: role, name: "Name" }],
    previewRoleChangeAction: [team, { roleId: role, permissions: ["events.read"] }],
    changeRoleAction: [team, { roleId: role, permissions: ["events.read"], before: ["events.read"] }],
    changeNameAction: [{ name: "Name" }],
    changePasswordAction: [{ current: "a wrong password", password: "another password" }],
    makeSessionTokenAction: [],
    mailConfirmationAction: [],
    confirmByMailAction: [{ code: "code" }],
    setUpAction: ["code", { email: ADMIN.email, password: "a password", teamName: "Name" }],
    acceptInvitationAction: ["code"],
    acceptWithNewAccountAction: ["code", { name: "Name", email: "new@example.com", password: "a password" }],
    disableMemberAction: [team, { id: member }],
    enableMemberAction: [team, { id: member }],
    deleteRoleAction: [team, { roleId: role }],
    revokeApiKeyAction: [team, { id: key }],
    revokeManyAction: [team, { ids: [key] }],
    signOutOfAction: [{ id: session }],
    signOutElsewhereAction: [],
    signOutEverywhereAction: [],
    signOutAction: [],
  };
}
