export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold text-base tracking-tight">
      <svg viewBox="0 0 32 32" className="size-6" aria-hidden>
        <rect width="32" height="32" rx="8" className="fill-accent" />
        <g fill="none" strokeWidth="3" strokeLinecap="round" className="stroke-accent-ink">
          <circle cx="12" cy="13" r="5" />
          <path d="M15.5 16.5 24 25m-4-4 3-3" />
        </g>
      </svg>
      Latchkey
    </span>
  );
}
