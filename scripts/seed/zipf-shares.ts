/**
 * Divides `total` by Zipf's law, the way keys are spread in a real team: the second gets half of
 * what the first gets, the third a third. The shares add up to `total`.
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
