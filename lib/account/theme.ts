export const THEMES = { system: "System", light: "Light", dark: "Dark" } as const;
export type Theme = keyof typeof THEMES;

/** Read by the server, so that the first paint has the chosen theme. */
export const THEME_COOKIE = "latchkey.theme";

export function themeFrom(cookie: string | undefined): Theme {
  return cookie === "light" || cookie === "dark" ? cookie : "system";
}
