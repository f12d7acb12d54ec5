// The seam between window and engine: every call, and the one stream of events. The only file that knows Tauri.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type {
  AccessView,
  CatalogView,
  DoctorView,
  Draft,
  Event,
  FileProfileView,
  ImageView,
  LaunchSecrets,
  LaunchView,
  LeftoverView,
  LogPage,
  LogQuery,
  NewProfile,
  PasswordOf,
  PowerAct,
  PricesView,
  ProfileView,
  RdpCertificate,
  RecipeView,
  ServerView,
  SettingsView,
  SitePage,
} from './bindings';
import type { Failure } from './failure';

/** What the window asks of the engine. Every call rejects with an `Error` of the bindings. */
export interface Backend {
  /** The time the events are stamped with, in milliseconds since the epoch. */
  now(): number;
  /** Calls back for every event until the returned function is called. */
  subscribe(listener: (event: Event) => void): Promise<() => void>;

  settings(): Promise<SettingsView>;
  updateSettings(settings: SettingsView): Promise<SettingsView>;
  /** What the user should be told beside what was asked for; each once. */
  notices(): Promise<string[]>;
  listProfiles(): Promise<ProfileView[]>;
  switchProfile(name: string): Promise<void>;
  /** The profiles that the files of the AWS tools name. */
  fileProfiles(): Promise<FileProfileView[]>;
  /** Keeps an access key in the keychain, once AWS has accepted it. */
  addProfile(profile: NewProfile): Promise<void>;
  /** Uses a profile of the AWS tools' files; its key stays there. */
  /** Gives the name that it got here. */
  addFileProfile(name: string, region: string): Promise<string>;
  /** Forgets a profile and its key; refused while it has servers. */
  removeProfile(name: string): Promise<void>;
  /** Checks a profile; with a draft also what would keep it from being launched. */
  doctor(name: string, draft: Draft | null): Promise<DoctorView>;
  /** What is tagged ours in the account and not known here. */
  sweep(name: string): Promise<LeftoverView[]>;
  deleteLeftover(name: string, id: string): Promise<void>;

  listServers(): Promise<ServerView[]>;
  listImages(): Promise<ImageView[]>;
  listRecipes(): Promise<RecipeView[]>;
  /** One for each recipe file of the user's that can't be used: file, line and reason. */
  brokenRecipes(): Promise<Failure[]>;
  catalog(): Promise<CatalogView>;
  /** Prices beside those of the sizes, in the region of the profile in use. */
  prices(): Promise<PricesView>;
  /** The profile in use works in another region from now on. */
  switchRegion(region: string): Promise<void>;
  /** Makes AWS's default network in a region that has none; null for the profile's own. */
  createDefaultNetwork(region: string | null): Promise<void>;

  /** The wizard's answers from last time, or null. */
  draft(): Promise<Draft | null>;
  saveDraft(draft: Draft | null): Promise<void>;
  /** Checks and launches; gives the launch's id. */
  launch(draft: Draft, secrets: LaunchSecrets): Promise<string>;

  /** All of a launch but its log; its events follow. */
  watch(id: string): Promise<LaunchView>;
  logPage(id: string, query: LogQuery): Promise<LogPage>;
  /** Saves the whole log; gives the path. */
  saveLog(id: string): Promise<string>;
  /** A launch that waits for the user goes on. */
  resume(id: string): Promise<void>;
  trustConnection(id: string): Promise<void>;
  /** Takes one of the offers of a launch that found no room, and goes on. */
  takeOffer(id: string, offer: string): Promise<void>;
  /** Lets this computer's present address in, and the old one no longer. */
  addressChanged(id: string): Promise<void>;
  retry(id: string, restart: boolean): Promise<void>;
  /** A failed server does not stop itself for so many minutes from now. */
  extend(id: string, minutes: number): Promise<void>;
  cancel(id: string): Promise<void>;
  terminate(id: string): Promise<void>;
  serverAct(id: string, act: PowerAct): Promise<void>;

  createImage(id: string, name: string, description: string): Promise<void>;
  deleteImage(id: string): Promise<void>;

  access(id: string): Promise<AccessView>;
  /** The newest text on the server's console. */
  console(id: string): Promise<string>;
  /** What its screen shows, as JPEG; null where it has none. */
  screenshot(id: string): Promise<ArrayBuffer | null>;
  openSite(id: string, page: SitePage): Promise<void>;
  /** Saves the .rdp file and shows it in its folder; gives the path. */
  saveRdp(id: string): Promise<string>;
  connectRdp(id: string): Promise<void>;
  /** Whether Remote Desktop shows the certificate that the server's console told of. */
  rdpCertificate(id: string): Promise<RdpCertificate>;
  revealPassword(id: string, of: PasswordOf): Promise<string>;
  /** Copied by the engine: the password does not pass through the window. */
  copyPassword(id: string, of: PasswordOf): Promise<void>;
}

/** The engine behind the Tauri window. */
export async function open(): Promise<Backend> {
  return {
    now: () => Date.now(),
    subscribe: (listener) => listen<Event>('slipway', (event) => listener(event.payload)),

    settings: () => invoke('settings'),
    updateSettings: (settings) => invoke('update_settings', { settings }),
    notices: () => invoke('notices'),
    listProfiles: () => invoke('list_profiles'),
    switchProfile: (name) => invoke('switch_profile', { name }),
    fileProfiles: () => invoke('file_profiles'),
    addProfile: (profile) => invoke('add_profile', { profile }),
    addFileProfile: (name, region) => invoke('add_file_profile', { name, region }),
    removeProfile: (name) => invoke('remove_profile', { name }),
    doctor: (name, draft) => invoke('doctor', { name, draft }),
    sweep: (name) => invoke('sweep', { name }),
    deleteLeftover: (name, id) => invoke('delete_leftover', { name, id }),

    listServers: () => invoke('list_servers'),
    listImages: () => invoke('list_images'),
    listRecipes: () => invoke('list_recipes'),
    brokenRecipes: () => invoke('broken_recipes'),
    catalog: () => invoke('catalog'),
    prices: () => invoke('prices'),
    switchRegion: (region) => invoke('switch_region', { region }),
    createDefaultNetwork: (region) => invoke('create_default_network', { region }),

    draft: () => invoke('draft'),
    saveDraft: (draft) => invoke('save_draft', { draft }),
    launch: (draft, secrets) => invoke('launch', { draft, secrets }),

    watch: (id) => invoke('watch', { id }),
    logPage: (id, query) => invoke('log_page', { id, query }),
    saveLog: (id) => invoke('save_log', { id }),
    resume: (id) => invoke('resume', { id }),
    trustConnection: (id) => invoke('trust_connection', { id }),
    takeOffer: (id, offer) => invoke('take_offer', { id, offer }),
    addressChanged: (id) => invoke('address_changed', { id }),
    retry: (id, restart) => invoke('retry', { id, restart }),
    extend: (id, minutes) => invoke('extend', { id, minutes }),
    cancel: (id) => invoke('cancel', { id }),
    terminate: (id) => invoke('terminate', { id }),
    serverAct: (id, act) => invoke('server_act', { id, act }),

    createImage: (id, name, description) => invoke('create_image', { id, name, description }),
    deleteImage: (id) => invoke('delete_image', { id }),

    access: (id) => invoke('access', { id }),
    console: (id) => invoke('console', { id }),
    screenshot: async (id) => {
      const picture = await invoke<ArrayBuffer>('screenshot', { id });
      return picture.byteLength === 0 ? null : picture;
    },
    openSite: (id, page) => invoke('open_site', { id, page }),
    saveRdp: (id) => invoke('save_rdp', { id }),
    connectRdp: (id) => invoke('connect_rdp', { id }),
    rdpCertificate: (id) => invoke('rdp_certificate', { id }),
    revealPassword: (id, of) => invoke('reveal_password', { id, of }),
    copyPassword: (id, of) => invoke('copy_password', { id, of }),
  };
}
