import type { Ref } from "react";

/** `of` names the row. */
type RowMenuButtonProps = { of: string; onOpen: (button: HTMLElement) => void; ref?: Ref<HTMLButtonElement> };

/** Opens a row's menu. Its three dots come from the style sheet, because every row has one. */
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
