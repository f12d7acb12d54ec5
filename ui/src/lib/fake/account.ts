// An AWS account as the Profiles screen sees it: its checks, its prices, the files beside it, what was left behind.
import type { Draft, DoctorView, FileProfileView, FindingView, LeftoverView, PricesView, ProfileView } from '../bindings';

export const NO_PRICES: PricesView = { disk_gib_month: null, address_hour: null, image_gib_month: null, asked: null };

export const PRICES: PricesView = {
  disk_gib_month: 0.0952,
  address_hour: 0.005,
  image_gib_month: 0.054,
  asked: Date.UTC(2026, 10, 22, 6, 0, 0),
};

export const FILE_PROFILES: FileProfileView[] = [
  { name: 'default', region: 'eu-west-1', added: false, problem: '' },
  { name: 'agency-staging', region: null, added: false, problem: '' },
  {
    name: 'agency-admin',
    region: 'eu-central-1',
    added: false,
    problem: 'Its role wants an MFA code, for which Slipway can’t ask. Add a profile that is signed in already.',
  },
];

export const LEFTOVERS: LeftoverView[] = [
  {
    id: 'snap-04f1c2d3e4f5a6b7c',
    kind: 'snapshot',
    name: 'orchard-base-1',
    created: Date.UTC(2026, 9, 2),
    usd_per_month: 3.24,
  },
  { id: 'sg-0b7f3d2c1a9e8f7d6', kind: 'firewall_group', name: 'slipway-kx12', created: null, usd_per_month: null },
  { id: 'key-0c1d2e3f4a5b6c7d8', kind: 'key_pair', name: 'slipway-kx12', created: null, usd_per_month: null },
];

const good = (about: string, text: string): FindingView => ({ about, verdict: 'good', text, fix: '' });

/** What the checks of a profile find; with a draft also what concerns the launch. */
export function doctorOf(profile: ProfileView, found: FindingView[], draft: Draft | null): DoctorView {
  if (profile.practice) {
    return { account: null, user: null, findings: [good('Practice', 'It runs on this computer; nothing can be missing.')] };
  }
  const findings = draft === null ? found : [...found, ...LAUNCH_FINDINGS];
  return { account: profile.account ?? '441099132207', user: profile.user ?? 'anna', findings };
}

export const FINDINGS: FindingView[] = [
  good('Access key', 'AWS accepted it.'),
  good('Clock', 'This computer’s clock agrees with AWS’s.'),
  good('Region', 'Frankfurt (eu-central-1) is switched on.'),
  {
    about: 'Permissions',
    verdict: 'warning',
    text: 'ec2:CreateImage is not allowed, so no image can be made.',
    fix: 'Ask whoever manages the account to add what “slipway policy” prints.',
  },
  good('vCPU quota', '8 of 32 vCPUs are in use.'),
  {
    about: 'Capacity',
    verdict: 'unknown',
    text: 'Whether AWS has room for a server is known only when one is asked for.',
    fix: '',
  },
];

const LAUNCH_FINDINGS: FindingView[] = [
  good('Size', 'It is offered in zone eu-central-1a.'),
  good('Network', 'The default network has a way out.'),
  good('Name', 'No server, key pair or firewall group of this name is there.'),
];
