"use client";

import { type ComponentProps, useEffect, useRef, useState } from "react";
import { Input } from "@/components/ui/field";
import { wholeToken, withoutSecret } from "@/lib/api-keys/token-shape";

const TYPING_PAUSE_MS = 250;

type SearchInputProps = Omit<ComponentProps<typeof Input>, "value" | "onChange" | "type"> & {
  value: string;
  /** `isContinued`: somebody types on in the search that was reported before. */
  onSearch: (text: string, isContinued: boolean) => void;
  /** Takes a whole token that was pasted, and says whether it could; the box is emptied then. */
  onToken?: (token: string) => boolean;
};

/**
 * A search box that reports when typing pauses. A pasted token is cut to its start: what is
 * searched goes into the URL, where a secret would be kept in histories and logs.
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
  /** What this visit to the box has reported last; null before it has reported anything. */
  const reported = useRef<string | null>(null);
  useEffect(() => {
    if (value === reported.current) return;
    // Somebody went Back, or took the search off elsewhere: what was being typed is over.
    reported.current = null;
    clearTimeout(timer.current);
  }, [value]);
  if (searched !== value) {
    // The URL changed by itself (Back, a cleared filter): what it says is what is shown.
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
      // Before the box cuts what is longer than it takes.
      onPaste={(event) => takeToken(event.clipboardData.getData("text")) && event.preventDefault()}
    />
  );
}
