"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { IconButton } from "@/components/ui/button";
import "@/components/ui/style-nonce";
import { classNames } from "@/components/ui/class-names";

type DialogProps = {
  title: string;
  description?: ReactNode;
  /** Called by Escape and the close button. A click outside doesn't close, so that input isn't lost by accident. */
  onClose: () => void;
  /** Gets the focus afterwards; default: the previously focused element, unless it was in another dialog. */
  opener?: HTMLElement;
  isWide?: boolean;
  children: ReactNode;
};

/** A modal dialog: focus stays inside and returns to its previous position. */
export function Dialog({ title, description, onClose, opener, isWide, children }: DialogProps) {
  const [focusedBefore] = useState(() => opener ?? document.activeElement);
  return (
    <Radix.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-black/45" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={focusFirstControl}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(focusedBefore);
          }}
          onInteractOutside={(event) => event.preventDefault()}
          className={classNames(
            "fixed inset-x-0 bottom-0 z-50 mx-auto flex max-h-[94dvh] w-full animate-rise flex-col rounded-t-2xl border border-line bg-surface shadow-overlay outline-none",
            "sm:bottom-auto sm:top-[6dvh] sm:max-h-[88dvh] sm:rounded-2xl",
            isWide ? "sm:max-w-2xl" : "sm:max-w-md",
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-5">
            <div className="wrap-anywhere grid min-w-0 gap-1">
              <Radix.Title className="font-semibold text-lg leading-7">{title}</Radix.Title>
              {description && (
                <Radix.Description asChild>
                  <div className="text-ink-soft">{description}</div>
                </Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Close" className="-mt-1 -mr-2 shrink-0">
                <X size={18} aria-hidden />
              </IconButton>
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * Returns the focus or, if its element is gone (such as an empty state after the first key), moves it to the page's
 * content.
 */
function returnFocus(element: Element | null) {
  const target = element?.isConnected ? element : document.getElementById("content");
  if (target instanceof HTMLElement) target.focus();
}

/** Focuses the first field or else the first button at the bottom, not the close button. */
function focusFirstControl(event: Event) {
  const content = event.currentTarget as HTMLElement;
  const control =
    content.querySelector<HTMLElement>("input, select, textarea") ??
    content.querySelector<HTMLElement>("footer button");
  if (!control) return;
  event.preventDefault();
  control.focus();
}

export function DialogBody({ children }: { children: ReactNode }) {
  return <div className="scroll-edge mt-1 grid min-h-0 gap-5 overflow-y-auto px-5 pt-4 pb-5">{children}</div>;
}

export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <footer className="flex flex-wrap items-center justify-end gap-2 border-line border-t px-5 py-4 max-sm:*:grow">
      {children}
    </footer>
  );
}
