"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogFooter } from "@/components/ui/dialog";

type LeaveGuardProps = {
  /** Whether there are unsaved changes. */
  isActive: boolean;
  /** What would be lost, as a sentence. */
  loses: string;
};

/** Asks for confirmation before a navigation loses unsaved changes. */
export function LeaveGuard({ isActive, loses }: LeaveGuardProps) {
  const [href, setHref] = useState<string | null>(null);
  const router = useRouter();

  useEffect(() => {
    if (!isActive) return;
    const keepPage = (event: BeforeUnloadEvent) => event.preventDefault();
    const keepScreen = (event: MouseEvent) => {
      const link = linkOf(event);
      if (!link) return;
      event.preventDefault();
      event.stopPropagation();
      setHref(link.href);
    };
    window.addEventListener("beforeunload", keepPage);
    // Captured, so that it runs before the link's own handler.
    window.addEventListener("click", keepScreen, { capture: true });
    return () => {
      window.removeEventListener("beforeunload", keepPage);
      window.removeEventListener("click", keepScreen, { capture: true });
    };
  }, [isActive]);

  if (href === null) return null;
  const stay = () => setHref(null);
  return (
    <Dialog title="Leave without saving?" description={loses} onClose={stay}>
      <div className="mt-5">
        <DialogFooter>
          <Button onClick={stay}>Stay</Button>
          <Button
            variant="danger"
            onClick={() => {
              stay();
              router.push(href);
            }}
          >
            Leave
          </Button>
        </DialogFooter>
      </div>
    </Dialog>
  );
}

/** The link that a click would follow in this tab to another page of the console. */
function linkOf(event: MouseEvent): HTMLAnchorElement | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
  if (!link || link.target === "_blank" || link.hasAttribute("download") || link.origin !== location.origin)
    return null;
  return link.pathname === location.pathname && link.search === location.search ? null : link;
}
