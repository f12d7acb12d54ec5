// The calls about profiles, on the fake world.
import type { Backend } from '../backend';
import type { ProfileView } from '../bindings';
import { doctorOf } from './account';
import { titleOf } from './catalog';
import { failure, type World } from './world';

type ProfileCalls = Pick<
  Backend,
  'fileProfiles' | 'addProfile' | 'addFileProfile' | 'removeProfile' | 'doctor' | 'sweep' | 'deleteLeftover'
>;

export function profileCalls(world: World): ProfileCalls {
  return {
    fileProfiles: async () => world.fileProfiles,
    addProfile: async ({ name, key_id, region }) => {
      refuseTaken(world, name);
      if (!key_id.startsWith('AKIA')) {
        throw failure('credentials_invalid', 'AWS does not know this access key.', 'Look whether the key id and the secret were copied whole.');
      }
      world.profiles = [...world.profiles, profileOf(name, region, 'keychain')];
    },
    addFileProfile: async (name, region) => {
      const own = name.replaceAll(/[^A-Za-z0-9_.-]/g, '-');
      refuseTaken(world, own);
      world.profiles = [...world.profiles, profileOf(own, region, 'aws_files')];
      world.fileProfiles.forEach((one) => (one.added ||= one.name === name));
      return own;
    },
    removeProfile: async (name) => {
      if (world.machines.some((one) => one.view.server.profile === name && one.view.server.status !== 'terminated')) {
        throw failure('wrong_state', `“${name}” still has servers.`, 'Terminate them first, or they go on costing money unseen.');
      }
      world.profiles = world.profiles.filter((one) => one.name !== name);
      world.fileProfiles.forEach((one) => (one.added &&= one.name !== name));
      if (!world.profiles.some((one) => one.current)) world.profiles.forEach((one) => (one.current = one.practice));
    },
    doctor: async (name, draft) => {
      const profile = world.profiles.find((one) => one.name === name);
      if (profile === undefined) throw failure('not_found', `There is no profile “${name}”.`);
      const found = doctorOf(profile, world.findings, draft);
      Object.assign(profile, { account: found.account, user: found.user });
      return found;
    },
    sweep: async () => world.leftovers,
    deleteLeftover: async (_, id) => void (world.leftovers = world.leftovers.filter((one) => one.id !== id)),
  };
}

function refuseTaken(world: World, name: string): void {
  if (world.profiles.some((one) => one.name === name)) {
    throw failure('name_taken', `A profile called “${name}” is there already.`, 'Choose another name.');
  }
}

function profileOf(name: string, region: string, keys: ProfileView['keys']): ProfileView {
  return { name, practice: false, region, region_title: titleOf(region), account: null, user: null, keys, current: false };
}
