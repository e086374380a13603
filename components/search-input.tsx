"use client";

import { type ComponentProps, useEffect, useRef, useState } from "react";
import { Input } from "@/components/ui/field";
import { wholeToken, withoutSecret } from "@/lib/api-keys/token-shape";

const TYPING_PAUSE_MS = 250;

type SearchInputProps = Omit<ComponentProps<typeof Input>, "value" | "onChange" | "type"> & {
  value: string;
  /** `isContinued`: the user is still typing the search that was reported before. */
  onSearch: (text: string, isContinued: boolean) => void;
  /** Handles a complete pasted token and returns whether it could; the box is then cleared. */
  onToken?: (token: string) => boolean;
};

/**
 * A search box that reports when typing pauses. A pasted token is cut to its start, because searches go into the URL,
 * which ends up in histories and logs.
 */
export function SearchInput({ value, onSearch, onToken, ...props }: SearchInputProps) {
  const [text, setText] = useState(value);
  const [searched, setSearched] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const report = useRef(onSearch);
  useEffect(() => {
    report.current = onSearch;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  /** The latest text reported since focus; null if none. */
  const reported = useRef<string | null>(null);
  useEffect(() => {
    if (value === reported.current) return;
    // The user went back or cleared the search elsewhere, which ends the current input.
    reported.current = null;
    clearTimeout(timer.current);
  }, [value]);
  if (searched !== value) {
    // The URL changed by itself (Back, a cleared filter), so the box shows its value.
    setSearched(value);
    if (text.trim() !== value) setText(value);
  }

  function takeToken(from: string): boolean {
    const token = onToken && wholeToken(from);
    if (!token || !onToken(token)) return false;
    clearTimeout(timer.current);
    setText("");
    return true;
  }

  function type(typed: string) {
    if (takeToken(typed)) return;
    const safe = withoutSecret(typed);
    setText(safe);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const isContinued = reported.current !== null;
      reported.current = safe.trim();
      report.current(reported.current, isContinued);
    }, TYPING_PAUSE_MS);
  }

  return (
    <Input
      {...props}
      type="search"
      autoComplete="off"
      maxLength={100}
      value={text}
      onChange={(event) => type(event.target.value)}
      onBlur={() => {
        reported.current = null;
      }}
      // Before the box truncates the text.
      onPaste={(event) => takeToken(event.clipboardData.getData("text")) && event.preventDefault()}
    />
  );
}
