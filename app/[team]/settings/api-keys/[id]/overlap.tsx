"use client";

import { useRouter } from "next/navigation";
import { TitledSection } from "@/components/titled-section";
import { useToast } from "@/components/ui/toast";
import type { CutOver } from "@/lib/api-keys/rotate/cut-over-verdict";
import { CutOverMeter } from "../rotate/cut-over-meter";

/** The old token's remaining use during a rotation. */
export function Overlap({ team, keyId, cutOver }: { team: string; keyId: string; cutOver: CutOver }) {
  const showToast = useToast();
  const router = useRouter();
  const finish = () => {
    showToast("Grace period ended");
    router.refresh();
  };
  return (
    <TitledSection title="Grace period" description="The old and new tokens both work until the grace period ends.">
      <CutOverMeter team={team} keyId={keyId} initial={cutOver} onEnded={finish} />
    </TitledSection>
  );
}
