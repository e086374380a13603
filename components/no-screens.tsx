/** For members whose role opens no screen: why, and who can help. */
export function NoScreens({ roleName }: { roleName: string }) {
  return (
    <div className="grid max-w-prose gap-3">
      <h1 className="font-semibold text-2xl tracking-tight">Settings</h1>
      <p className="text-ink-soft">
        Your role, {roleName}, has no screens here yet. To make API keys, ask a team admin for a role with “Manage API
        Tokens” (under Developer). It takes effect on your next click.
      </p>
    </div>
  );
}
