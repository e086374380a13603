"use client";

import { DropdownMenu as Radix } from "radix-ui";
import { type ComponentProps, type ReactNode, useCallback, useEffect, useEffectEvent, useRef } from "react";
import "@/components/ui/style-nonce";
import { classNames } from "@/components/ui/class-names";

const contentClass =
  "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-80 animate-appear overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-overlay";

type MenuProps = { trigger: ReactNode; align?: "start" | "end"; side?: "top" | "bottom"; children: ReactNode };

export function Menu({ trigger, align = "end", side = "bottom", children }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={overlayPlace()}>
        <Radix.Content align={align} side={side} sideOffset={6} collisionPadding={8} className={contentClass}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Inside the page's main content, so that a menu belongs to a landmark; null outside the shell. */
const overlayPlace = () => (typeof document === "undefined" ? null : document.getElementById("overlays"));

type SharedMenuProps<Action> = {
  anchor: HTMLElement;
  onClose: () => void;
  /** Called once focus is back on the anchor, to which a dialog opened from here will return it. */
  onAction: (action: Action) => void;
  /** The items; `choose` creates a select handler. */
  children: (choose: (action: Action) => () => void) => ReactNode;
};

/**
 * An open menu at an element that isn't its trigger, so that a table of fifty rows has one menu. Focus returns to the
 * anchor.
 */
export function SharedMenu<Action>({ anchor, onClose, onAction, children }: SharedMenuProps<Action>) {
  const chosen = useRef<Action>(null);
  const { top, left, width, height } = anchor.getBoundingClientRect();
  const menuRef = useCallback((menu: HTMLElement | null) => focusFirstItem(menu, anchor), [anchor]);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    // The menu's position is fixed, so it closes when the row scrolls. Scroll events arrive late, hence the comparison.
    const before = anchor.getBoundingClientRect();
    const leave = () => {
      const now = anchor.getBoundingClientRect();
      if (now.top !== before.top || now.left !== before.left) close();
    };
    window.addEventListener("scroll", leave, { passive: true });
    return () => window.removeEventListener("scroll", leave);
  }, [anchor]);
  return (
    <Radix.Root open modal={false} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Trigger asChild>
        <span aria-hidden tabIndex={-1} className="pointer-events-none fixed" style={{ top, left, width, height }} />
      </Radix.Trigger>
      <Radix.Portal container={overlayPlace()}>
        <Radix.Content
          ref={menuRef}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={anchor.getAttribute("aria-label") ?? undefined}
          aria-labelledby={undefined}
          className={contentClass}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.focus();
            if (chosen.current !== null) onAction(chosen.current);
            chosen.current = null;
          }}
        >
          {children((action) => () => {
            chosen.current = action;
          })}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** After opening with the keyboard, the first item is focused; after a click, none. */
function focusFirstItem(menu: HTMLElement | null, anchor: HTMLElement) {
  if (!menu || !anchor.matches(":focus-visible")) return;
  // After Radix has moved the focus into the menu itself.
  requestAnimationFrame(() => menu.querySelector<HTMLElement>("[role=menuitem]")?.focus());
}

const itemClass =
  "flex w-full items-center gap-2.5 rounded-lg px-2.5 py-2 text-left outline-none max-md:py-2.5 data-highlighted:bg-sunken data-disabled:opacity-50";

type MenuItemProps = ComponentProps<typeof Radix.Item> & { isDangerous?: boolean };

export function MenuItem({ isDangerous, className, ...props }: MenuItemProps) {
  return <Radix.Item className={classNames(itemClass, isDangerous && "text-danger", className)} {...props} />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="wrap-anywhere px-2.5 pt-2 pb-1 text-ink-soft text-xs">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}

type MenuRadioGroupProps = { value: string; onChange: (value: string) => void; options: Record<string, string> };

export function MenuRadioGroup({ value, onChange, options }: MenuRadioGroupProps) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      {Object.entries(options).map(([option, label]) => (
        <Radix.RadioItem key={option} value={option} className={classNames(itemClass, "justify-between")}>
          {label}
          <Radix.ItemIndicator>
            <span aria-hidden>✓</span>
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

type MenuCheckboxItemProps = { isChecked: boolean; onChange: (isChecked: boolean) => void; children: ReactNode };

/** A multiple-choice item: the menu stays open. */
export function MenuCheckboxItem({ isChecked, onChange, children }: MenuCheckboxItemProps) {
  return (
    <Radix.CheckboxItem
      checked={isChecked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={classNames(itemClass, "cursor-pointer justify-between")}
    >
      {children}
      <Radix.ItemIndicator>
        <span aria-hidden>✓</span>
      </Radix.ItemIndicator>
    </Radix.CheckboxItem>
  );
}
