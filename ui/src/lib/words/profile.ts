// The line below a profile's name.
import type { ProfileView } from '../bindings';

/** `4410 9913 2207 · eu-central-1`, or what the practice world is. */
export function noteOf(profile: ProfileView): string {
  if (profile.practice) return 'On this computer';
  const account = profile.account?.replace(/(\d{4})(?=\d)/g, '$1 ');
  return [account, profile.region].filter(Boolean).join(' · ');
}
