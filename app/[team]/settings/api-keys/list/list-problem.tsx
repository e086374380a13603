"use client";

import { useRouter } from "next/navigation";
import { Component, type ReactNode, startTransition } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** Shown instead of a list that couldn't be read; search and filters don't change. */
export function ListProblem({ asked, children }: { asked: string; children: ReactNode }) {
  const router = useRouter();
  return (
    <Boundary asked={asked} onRetry={() => router.refresh()}>
      {children}
    </Boundary>
  );
}

/** `asked`: the list's parameters; when they change, the list is read again. */
type BoundaryProps = { asked: string; children: ReactNode; onRetry: () => void };

class Boundary extends Component<BoundaryProps, { hasFailed: boolean }> {
  state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  componentDidUpdate({ asked }: BoundaryProps) {
    if (this.state.hasFailed && asked !== this.props.asked) this.setState({ hasFailed: false });
  }

  retry = () =>
    startTransition(() => {
      this.props.onRetry();
      this.setState({ hasFailed: false });
    });

  render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <Notice tone="danger" role="alert">
        <div className="flex flex-wrap items-center justify-between gap-3">
          We couldn't load this list. Your keys still work.
          <Button onClick={this.retry}>Try again</Button>
        </div>
      </Notice>
    );
  }
}
