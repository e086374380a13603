/** The URL of an embedded database without its Unix socket, for tests that change its host or port. */
export function overTcp(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.delete("host");
  url.searchParams.delete("port");
  return url.href;
}
