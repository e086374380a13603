/** A step's passed and failed tests. A step that can't run counts as one failure. */
export interface Count {
  passed: number;
  failed: number;
}

export const ONE_FAILED: Count = { passed: 0, failed: 1 };

/** For checks without tests: only a failure counts. */
export function countExitCode(exitCode: number): Count {
  return exitCode === 0 ? { passed: 0, failed: 0 } : ONE_FAILED;
}

export function sum(counts: Count[]): Count {
  return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }));
}
