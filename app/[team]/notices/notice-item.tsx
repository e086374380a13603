import { Check } from "lucide-react";
import Link from "next/link";
import { RelativeTime } from "@/components/time";
import { buttonClass, IconButton } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import type { NoticeDto } from "@/lib/notices/list-notices";

type NoticeItemProps = { team: string; notice: NoticeDto; now: string; onRead: () => void };

/** A notice with the action that settles it. Following the action also marks it as read. */
export function NoticeItem({ team, notice, now, onRead }: NoticeItemProps) {
  const { id, title, detail, at, isRead, action } = notice;
  return (
    <li className="flex items-start gap-3 px-4 py-3.5">
      <span
        aria-hidden
        className={classNames("mt-1.5 size-2 shrink-0 rounded-full", isRead ? "bg-transparent" : "bg-accent")}
      />
      <div className="flex min-w-0 grow flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="grid min-w-0 basis-80 grow gap-0.5">
          <h2 id={id} className={classNames("wrap-anywhere", isRead ? "text-ink-soft" : "font-semibold")}>
            {title}
            {!isRead && <span className="sr-only"> (unread)</span>}
          </h2>
          <p className="wrap-anywhere text-ink-soft">{detail}</p>
          <p className="text-ink-soft text-xs">
            <RelativeTime iso={at} now={now} />
          </p>
        </div>
        <div className="flex items-center gap-1">
          {action && (
            <Link
              href={`/${team}/${action.path}`}
              prefetch={false}
              aria-describedby={id}
              className={buttonClass()}
              onClick={() => !isRead && onRead()}
            >
              {action.label}
            </Link>
          )}
          {!isRead && (
            <IconButton label="Mark as read" aria-describedby={id} title="Mark as read" onClick={onRead}>
              <Check size={16} aria-hidden />
            </IconButton>
          )}
        </div>
      </div>
    </li>
  );
}
