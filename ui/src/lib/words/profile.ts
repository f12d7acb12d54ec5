// The lines below a profile's name.
import type { ProfileView } from '../bindings';

/** `4410 9913 2207 · Frankfurt`, or what the practice world is. */
export function noteOf(profile: ProfileView): string {
  if (profile.practice) return 'On this computer';
  const account = profile.account?.replace(/(\d{4})(?=\d)/g, '$1 ');
  return [account, profile.region_title].filter(Boolean).join(' · ');
}

/** Who we are there, and where the access key is. */
export function keysOf(profile: ProfileView): string {
  if (profile.practice) {
    return 'A small cloud: its servers install and serve a real site. They need no account and cost nothing.';
  }
  const who = profile.user === null ? '' : `User ${profile.user}. `;
  return who + (profile.keys === 'aws_files' ? 'Its key is in the files of the AWS tools.' : 'Its key is in the keychain.');
}
