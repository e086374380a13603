"use client";

import { CircleCheck, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";

type ToastMessage = { id: number; text: string };

const ToastContext = createContext<(text: string) => void>(() => {});

const SHOWN_FOR_MS = 5_000;

/** Returns a function that shows a short confirmation at the bottom right. */
export const useToast = () => useContext(ToastContext);

/** Shows confirmations; screen readers announce each once (WAI-ARIA status region). */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<ToastMessage[]>([]);
  const nextId = useRef(0);
  const show = useCallback((text: string) => {
    nextId.current += 1;
    const message = { id: nextId.current, text };
    setMessages((shown) => [...shown.slice(-2), message]);
  }, []);
  const drop = (id: number) => setMessages((shown) => shown.filter((message) => message.id !== id));

  return (
    <ToastContext value={show}>
      <Radix.Provider duration={SHOWN_FOR_MS} swipeDirection="right">
        {children}
        {messages.map(({ id, text }) => (
          <Radix.Root
            key={id}
            onOpenChange={(isOpen) => !isOpen && drop(id)}
            className="flex animate-rise items-center gap-3 rounded-xl border border-line bg-surface py-2 pr-2 pl-4 shadow-overlay"
          >
            <CircleCheck size={18} aria-hidden className="shrink-0 text-accent" />
            <Radix.Description className="min-w-0 grow break-words">{text}</Radix.Description>
            <Radix.Close asChild>
              <IconButton label="Dismiss" className="shrink-0">
                <X size={16} aria-hidden />
              </IconButton>
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport className="fixed right-0 bottom-0 z-60 grid w-full max-w-sm gap-2 p-4 outline-none" />
      </Radix.Provider>
    </ToastContext>
  );
}
