import type { Ref } from "react";

/** `of` names what the row is about. */
type RowMenuButtonProps = { of: string; onOpen: (button: HTMLElement) => void; ref?: Ref<HTMLButtonElement> };

/** Opens the menu of what can be done with a table's row. Every row has one, so its three dots are the style sheet's. */
export function RowMenuButton({ of, onOpen, ref }: RowMenuButtonProps) {
  return (
    <button
      type="button"
      ref={ref}
      aria-label={`Actions for ${of}`}
      aria-haspopup="menu"
      className="row-menu"
      onClick={(event) => onOpen(event.currentTarget)}
    />
  );
}
