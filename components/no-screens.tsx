/** For members whose role opens no screen. */
export function NoScreens() {
  return (
    <div className="grid max-w-prose gap-3">
      <h1 className="font-semibold text-2xl tracking-tight">Settings</h1>
      <p className="text-ink-soft">
        You don’t have access to any settings yet. To create API keys, ask an admin for “Manage API tokens”.
      </p>
    </div>
  );
}
