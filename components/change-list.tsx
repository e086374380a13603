import { Minus, Plus } from "lucide-react";
import { describeChange, type RoleChangePreview } from "@/lib/roles/describe-change";

/** A change's losses and gains, one line per permission; `who` names the member if there is only one. */
export function ChangeList({ preview, who }: { preview: RoleChangePreview; who?: string }) {
  if (preview.members === 0) {
    return <p className="text-ink-soft">Nobody has this role yet, so nobody is affected.</p>;
  }
  const { lost, gained } = describeChange(preview, who);
  return (
    <ul className="grid gap-1">
      {lost.map((sentence) => (
        <li key={sentence} className="flex items-start gap-2 text-danger">
          <Minus size={14} aria-hidden className="mt-1 shrink-0" />
          <span className="wrap-anywhere">{sentence}</span>
        </li>
      ))}
      {gained.map((sentence) => (
        <li key={sentence} className="flex items-start gap-2">
          <Plus size={14} aria-hidden className="mt-1 shrink-0 text-accent" />
          <span className="wrap-anywhere">{sentence}</span>
        </li>
      ))}
    </ul>
  );
}
