// Places and sizes: those of the practice world, and examples of an account that is paid for.
import type { CatalogView, NetworkView, ProfileView, SettingsView, SizeView } from '../bindings';

const size = (id: string, vcpus: number, gib: number, fits: SizeView['fits'], usd_per_hour: number | null) => ({
  id,
  vcpus,
  memory_mib: gib * 1024,
  fits,
  usd_per_hour,
});

export const PRACTICE_CATALOG: CatalogView = {
  regions: [{ id: 'practice', title: 'This computer', enabled: true }],
  sizes: [
    size('practice.small', 2, 4, 'demo', null),
    size('practice.medium', 2, 8, 'one_editor', null),
    size('practice.large', 4, 16, 'busy_site', null),
  ],
  proposals: { '': { smallest: null, recommended: 'practice.small', larger: 'practice.medium' } },
  networks: [],
  families: [{ id: 'practice-windows', title: 'Practice Windows' }],
  my_address: '127.0.0.1',
};

export const NETWORKS: NetworkView[] = [
  { id: 'subnet-0a1b2c3d', title: 'Default network, zone eu-central-1a' },
  { id: 'subnet-0e4f5a6b', title: 'Default network, zone eu-central-1b' },
  { id: 'subnet-0c7d8e9f', title: 'contoso-dmz, zone eu-central-1a' },
];

export const PAID_CATALOG: CatalogView = {
  regions: [
    { id: 'eu-central-1', title: 'Frankfurt', enabled: true },
    { id: 'eu-west-1', title: 'Ireland', enabled: true },
    { id: 'us-east-1', title: 'N. Virginia', enabled: true },
    { id: 'eu-south-1', title: 'Milan', enabled: false },
  ],
  sizes: [
    size('t3.large', 2, 8, 'demo', 0.119),
    size('t3.xlarge', 4, 16, 'one_editor', 0.267),
    size('m7i.large', 2, 8, null, 0.213),
    size('m7i.xlarge', 4, 16, 'busy_site', 0.425),
  ],
  proposals: { '': { smallest: null, recommended: 't3.large', larger: 't3.xlarge' } },
  networks: NETWORKS,
  families: [
    { id: 'windows-2022', title: 'Windows Server 2022' },
    { id: 'windows-2025', title: 'Windows Server 2025' },
    { id: 'windows-2022-sql-express', title: 'Windows Server 2022 with SQL Server 2022 Express' },
    { id: 'windows-2025-sql-express', title: 'Windows Server 2025 with SQL Server 2025 Express' },
  ],
  my_address: '93.184.216.34',
};

/** What people call a region, as the engine says it. */
export function titleOf(region: string): string {
  return PAID_CATALOG.regions.find((one) => one.id === region)?.title ?? region;
}

export const PRACTICE_PROFILE: ProfileView = {
  name: 'Practice',
  practice: true,
  region: 'practice',
  region_title: 'practice',
  account: null,
  user: null,
  keys: 'nowhere',
  current: true,
};

export const PAID_PROFILE: ProfileView = {
  name: 'Contoso – production',
  practice: false,
  region: 'eu-central-1',
  region_title: 'Frankfurt',
  account: '441099132207',
  user: 'anna',
  keys: 'keychain',
  current: false,
};

export const SETTINGS: SettingsView = {
  theme: 'system',
  practice_speed: 20,
  welcomed: true,
  data_folder: '/home/anna/.local/share/slipway',
  version: '0.1.0',
};
