import { Ellipsis } from "lucide-react";
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
      <Ellipsis size={16} aria-hidden />
    </IconButton>
  );
}
