// Snapshots may overtake each other on their way: the greater revision wins.

export function newer<T extends { revision: number }>(known: T | undefined, found: T): T {
  return known !== undefined && known.revision > found.revision ? known : found;
}
