// The way on from a screen for what takes a moment.
import { goto } from '$app/navigation';

/** Leads on from the screen that is shown now. Whoever has left it meanwhile stays where they went. */
export function onward(): (where: string) => Promise<void> {
  const here = location.hash;
  return async (where) => {
    if (location.hash === here) await goto(where);
  };
}
