"use client";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

type ChangedMeanwhileProps = {
  base: string[];
  current: string[];
  onKeepMine: () => void;
  onTakeTheirs: () => void;
};

/** For concurrent changes to one role: shows the other user's change and lets this one choose. */
export function ChangedMeanwhile({ base, current, onKeepMine, onTakeTheirs }: ChangedMeanwhileProps) {
  const added = current.filter((name) => !base.includes(name));
  const removed = base.filter((name) => !current.includes(name));
  return (
    <Notice tone="warning" role="alert">
      <p className="font-medium">Someone else changed this role while you were editing.</p>
      {added.length > 0 && <p className="wrap-anywhere">They added {added.join(", ")}.</p>}
      {removed.length > 0 && <p className="wrap-anywhere">They removed {removed.join(", ")}.</p>}
      <p>Your changes aren't saved yet.</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button onClick={onKeepMine}>Keep my changes</Button>
        <Button onClick={onTakeTheirs}>Use theirs</Button>
      </div>
    </Notice>
  );
}
