import type { Ref } from "react";
import { IconButton } from "@/components/ui/button";

/** `of` names what the row is about. */
type RowMenuButtonProps = { of: string; onOpen: (button: HTMLElement) => void; ref?: Ref<HTMLButtonElement> };

/** Opens the menu of what can be done with a table's row. */
export function RowMenuButton({ of, onOpen, ref }: RowMenuButtonProps) {
  return (
    <IconButton
      ref={ref}
      label={`Actions for ${of}`}
      aria-haspopup="menu"
      className="-my-1.5"
      onClick={(event) => onOpen(event.currentTarget)}
    >
      {ELLIPSIS}
    </IconButton>
  );
}

/** Three dots in one shape: every row has them. */
const ELLIPSIS = (
  <svg viewBox="0 0 24 24" aria-hidden="true" className="size-4 fill-current">
    <path d="M3 12a2 2 0 1 0 4 0 2 2 0 1 0-4 0m7 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0m7 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0" />
  </svg>
);
