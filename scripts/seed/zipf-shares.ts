/**
 * Divides `total` by Zipf's law, as keys are distributed in a real team: the second gets half of the first's share, the
 * third a third. The shares add up to `total`.
 */
export function zipfShares(total: number, receivers: number): number[] {
  const weights = Array.from({ length: receivers }, (_, rank) => 1 / (rank + 1));
  const sum = weights.reduce((before, weight) => before + weight, 0);
  let cumulated = 0;
  let given = 0;
  return weights.map((weight) => {
    cumulated += weight;
    const share = Math.round((total * cumulated) / sum) - given;
    given += share;
    return share;
  });
}
