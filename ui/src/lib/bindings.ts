// Generated from crates/core by `SLIPWAY_BLESS=1 cargo test -p slipway-core --test bindings`.

export type AccessView = {
  /** DNS name or address. */
  host: string,
  /** Port of Remote Desktop. */
  rdp_port: number,
  /** The Windows user. */
  user: string,
  /** Its password is known here and can be revealed. */
  has_password: boolean,
  /** SHA-1 thumbprint of the certificate that Remote Desktop shows, as the server's console told it: 40 hex digits. */
  rdp_thumbprint: string | null,
  /** The site's address, only after it answered. */
  site_url: string | null,
  /** What the site answered from this computer. */
  visit: VisitView | null,
  /** The login of the site's own administration. */
  admin: AdminView | null,
  /** Addresses that may connect. */
  allowed_from: Array<string>
};

export type ActWait = {
  /** What is waited for, and why: one or two sentences. */
  what: string,
  /** What the user can do; empty where there is nothing but to wait. */
  hint: string,
  /** What is waited for, out of the same list as for launches; `None` where nothing is wrong and it only takes its time. */
  reason: WaitReason | null,
  /** What the last try failed with; `None` where nothing has failed yet. */
  error: Error | null,
  /** Since when, in milliseconds since the epoch. */
  since: number,
  /** How many tries have failed. */
  tries: number
};

export type Acts = {
  /** Stop. */
  stop: boolean,
  /** Start. */
  start: boolean,
  /** Restart. */
  restart: boolean,
  /** Go on from the failed step. */
  retry: boolean,
  /** Put off that it stops itself. */
  extend: boolean,
  /** Make an image. */
  image: boolean,
  /** Remote Desktop. */
  connect: boolean,
  /** Terminate. */
  terminate: boolean
};

export type AdminView = {
  /** Where to log in. */
  url: string,
  /** User name. */
  user: string,
  /** Its password is known here and can be revealed. */
  has_password: boolean
};

export type CatalogView = {
  /** The regions of the account. */
  regions: Array<RegionView>,
  /** The sizes in the profile's region, small first. */
  sizes: Array<SizeView>,
  /** The networks in the profile's region; empty where there is none, and in the practice world. */
  networks: Array<NetworkView>,
  /** The sizes that are proposed, by recipe; under the empty id for one that is not known here. */
  proposals: { [key in string]: Proposals },
  /** The families of public images to launch from. */
  families: Array<FamilyView>,
  /** The address of this computer as a server sees it, where known. */
  my_address: string | null
};

export type ConnectionState = "none" | "live" | "reconnecting" | "paused";

export type ConnectionView = {
  /** In one word. */
  state: ConnectionState,
  /** The installer's key was found on the server's console. */
  verified: boolean,
  /** The user chose to trust an unverified one. */
  trusted: boolean,
  /** The server's console shows other keys than what answers: nothing it says is acted on. */
  mismatched: boolean,
  /** Since when it is in this state. */
  since: number | null
};

export type DoctorView = {
  /** The account number, where the keys were accepted. */
  account: string | null,
  /** Who we are in it. */
  user: string | null,
  /** In the order in which they were looked at. */
  findings: Array<FindingView>
};

export type Draft = {
  /** The stage that was open, from 0. */
  stage: number,
  /** The server's name. */
  name: string,
  /** The recipe's id; empty until one is chosen. */
  recipe: string,
  /** The image's id, on a launch from one. */
  image: string | null,
  /** The answers to the recipe's questions by input id, without the secret ones. */
  inputs: { [key in string]: string },
  /** The family of images to launch from; `None` for the one that the recipe proposes. */
  family: string | null,
  /** The region's id. */
  region: string,
  /** The network's id; `None` lets the app choose. */
  network: string | null,
  /** The size's id. */
  size: string,
  /** The disk, in GiB. */
  disk_gib: number,
  /** The user sets the Administrator password; otherwise a random one is made. */
  own_password: boolean,
  /** Everybody may open the site, not only this computer's address. */
  public_site: boolean,
  /** The server stops itself after so many minutes, also when nobody watches; `None` for never. */
  stop_after_minutes: number | null,
  /** Should the install fail, the server stops itself after so many minutes; 0 for never, `None` for the usual time. */
  stop_failed_after_minutes: number | null,
  /** CIDRs that may connect, in place of this computer's address; empty for that. */
  allowed_from: Array<string>,
  /** The step that is to fail in the first attempt, to practise a failure. */
  fail_at: string | null,
  /** The user lets a recipe that did not come with Slipway run as programs on this computer. */
  run_own_recipe: boolean
};

export type Error = {
  /** What went wrong. */
  kind: ErrorKind,
  /** What happened, to what: one sentence. */
  sentence: string,
  /** What to do next: one or two sentences; empty where there is nothing to do. */
  hint: string,
  /** The causes below it, outermost first, for the fold-out. */
  causes: Array<string>,
  /** AWS's request id, where a request was answered. */
  request_id: string | null,
  /** What could not be reached, where that is known. */
  unreached?: Unreached
};

export type ErrorKind = "input" | "not_found" | "name_taken" | "wrong_state" | "failed_server" | "credentials_expired" | "credentials_invalid" | "permission_missing" | "account_not_ready" | "throttled" | "cloud_trouble" | "unreachable" | "no_capacity" | "quota_exceeded" | "unsupported" | "network_missing" | "clock_wrong" | "instance_gone" | "identity_mismatch" | "agent_silent" | "agent_refused" | "step_failed" | "site_silent" | "image_failed" | "keychain" | "disk_full" | "journal" | "journal_in_use" | "recipe" | "internal";

export type Event = { "type": "launch",
  /** All of it but the log. */
  launch: LaunchView, } | { "type": "lines",
  /** The launch's id. */
  id: string,
  /** Oldest first. */
  lines: Array<LogLine>,
  /** How many lines before these were left out, because too many came at once: they are in the log. */
  left_out?: number, } | { "type": "image",
  /** The launch's id. */
  id: string,
  /** Where it stands. */
  image: ImageJobView, } | { "type": "notice" } | { "type": "waits",
  /** The wait that tells most. */
  wait: ActWait | null, } | { "type": "list",
  /** Grows with every change. */
  revision: number
};

export type FailureView = {
  /** What happened and what to do. */
  error: Error,
  /** The step that failed, if it was one. */
  step: string | null,
  /** Its title. */
  step_title: string | null,
  /** The last lines before it failed, oldest first. */
  last_lines: Array<LogLine>,
  /** It can go on from this step. */
  may_retry: boolean,
  /** When it failed. */
  at: number
};

export type FamilyView = {
  /** As recipes name it, such as `windows-2022`. */
  id: string,
  /** For people, such as “Windows Server 2022”. */
  title: string
};

export type FileProfileView = {
  /** Its name there. */
  name: string,
  /** Its region there. */
  region: string | null,
  /** It is among the profiles already. */
  added: boolean,
  /** Why it can't be used, in a sentence; empty where it can. */
  problem: string
};

export type FindingView = {
  /** What, such as “vCPU quota”. */
  about: string,
  /** How it stands. */
  verdict: Verdict,
  /** What was found, in a sentence. */
  text: string,
  /** What to do; empty where there is nothing to do. */
  fix: string
};

export type ImageJobPhase = "requested" | "snapshot" | "returning" | "done" | "failed";

export type ImageJobView = {
  /** The image's name. */
  name: string,
  /** Where the work stands. */
  phase: ImageJobPhase,
  /** Snapshot progress from 0 to 100. */
  percent: number,
  /** When it was asked for. */
  started: number,
  /** Why it failed. */
  error: Error | null,
  /** What it waits for. */
  waiting: WaitingView | null
};

export type ImageStatus = "making" | "available" | "failed";

export type ImageView = {
  /** `ami-…`; empty while it is only asked for. */
  id: string,
  /** Its name. */
  name: string,
  /** What is on it. */
  description: string,
  /** Where it stands. */
  state: ImageStatus,
  /** From 0 to 100 while it is made. */
  percent: number,
  /** Size of its disks in GiB. */
  size_gib: number,
  /** When it was made. */
  created: number,
  /** Id of the recipe that it was installed with, where known. */
  recipe: string | null,
  /** Name of the server that it was made of, where known. */
  server: string | null,
  /** What keeping it costs a month; `None` where it is not known, and in the practice world. */
  usd_per_month: number | null,
  /** Why it failed. */
  error: Error | null,
  /** What the making of it waits for. */
  waiting: WaitingView | null
};

export type InputKind = "text" | "email" | "choice" | "switch" | "number" | "secret";

export type InputView = {
  /** Its id in the recipe. */
  id: string,
  /** For people. */
  title: string,
  /** One line that explains it. */
  hint: string,
  /** What can be answered. */
  kind: InputKind,
  /** It can't be left empty. */
  required: boolean,
  /** The answer to begin with; empty where there is none. */
  default: string,
  /** Longest answer, in characters. */
  longest: number,
  /** The answers to choose from, for [`InputKind::Choice`]. */
  choices: Array<string>
};

export type KeysIn = "nowhere" | "keychain" | "aws_files";

export type LaunchSecrets = {
  /** The Administrator password, where the user sets it. */
  administrator: string | null,
  /** The answers to the secret inputs, by input id. */
  inputs: { [key in string]: string }
};

export type LaunchView = {
  /** The head. */
  server: ServerView,
  /** The five phases. */
  rail: Array<RailView>,
  /** The steps, in the recipe's order. */
  steps: Array<StepView>,
  /** When the install began. */
  install_started: number | null,
  /** The attempt at work, from 1. */
  attempt: number,
  /** How the app stands with the installer. */
  connection: ConnectionView,
  /** What it waits for, by itself or for the user. */
  waiting: WaitingView | null,
  /** The same where it waits for the user, in brief. */
  parked: ParkedView | null,
  /** Why it failed. */
  failure: FailureView | null,
  /** How to get in, once that is known. */
  access: AccessView | null,
  /** An image being made of it. */
  image_job: ImageJobView | null,
  /** What could not be removed on terminate. */
  leftovers: Array<string>,
  /** How many log lines there are. */
  log_lines: number
};

export type LeftoverKind = "server" | "disk" | "image" | "snapshot" | "firewall_group" | "key_pair";

export type LeftoverView = {
  /** AWS's id. */
  id: string,
  /** What it is. */
  kind: LeftoverKind,
  /** Its name; empty where it has none. */
  name: string,
  /** When it was made, in milliseconds since the Unix epoch, where AWS tells. */
  created: number | null,
  /** What keeping it costs a month; `None` where it is not known. */
  usd_per_month: number | null
};

export type LineLevel = "info" | "warn" | "error";

export type LogLine = {
  /** Its number in the stream, from 1. */
  number: number,
  /** The attempt it belongs to. */
  attempt: number,
  /** By the instance's clock. */
  time: number,
  /** The step it belongs to. */
  step: string | null,
  /** How much it matters. */
  level: LineLevel,
  /** What happened: `line`, `step_started`, `step_finished`, `end`, or a kind unknown here. */
  kind: string,
  /** The text. */
  text: string
};

export type LogPage = {
  /** The lines. */
  lines: Array<LogLine>,
  /** How many lines match the query in all. */
  total: number
};

export type LogQuery = {
  /** Only lines after this number, oldest first; `None` gives the newest lines. */
  after: number | null,
  /** Only lines before this number, the newest of them. */
  before: number | null,
  /** At most this many, up to 1,000. */
  limit: number,
  /** Only of this step. */
  step: string | null,
  /** Only lines that hold this text, without regard to case. */
  search: string | null,
  /** Only warnings and errors. */
  warnings_only: boolean
};

export type NetworkView = {
  /** The subnet's id. */
  id: string,
  /** For people. */
  title: string
};

export type NewProfile = {
  /** Unique among the profiles. */
  name: string,
  /** The access key's id, such as `AKIA…`. */
  key_id: string,
  /** The secret access key. */
  secret: string,
  /** The region it works in. */
  region: string
};

export type OfferView = {
  /** What `take_offer` names it by. */
  id: string,
  /** The zone, such as `eu-central-1b`. */
  zone: string,
  /** Instance type. */
  size: string,
  /** Price an hour with the disk and the public address; `None` where it is not known. */
  usd_per_hour: number | null
};

export type ParkedView = {
  /** What happened and what to do. */
  error: Error,
  /** Since when. */
  since: number,
  /** “Trust this connection for this launch” may be offered. */
  may_trust: boolean,
  /** Other places and sizes that have room; one is taken only when the user says so, with `take_offer`. */
  offers: Array<OfferView>
};

export type PasswordOf = "administrator" | "site_admin";

export type PieceState = "waiting" | "running" | "done" | "failed";

export type PlannedStep = {
  /** Its id in the recipe. */
  id: string,
  /** For people. */
  title: string,
  /** Ids of the steps it waits for. */
  needs: Array<string>,
  /** How long it usually takes. */
  usual: number | null,
  /** When it would begin, after the install began. */
  planned_start: number,
  /** When it would end, after the install began. */
  planned_end: number,
  /** On the longest chain of steps. */
  critical: boolean
};

export type PowerAct = "start" | "stop" | "restart";

export type PricesView = {
  /** A GiB of disk for a month. */
  disk_gib_month: number | null,
  /** A public address for an hour. */
  address_hour: number | null,
  /** A GiB of an image's snapshots for a month. */
  image_gib_month: number | null,
  /** When AWS was asked, in milliseconds since the Unix epoch. */
  asked: number | null
};

export type ProfileView = {
  /** Its name. */
  name: string,
  /** It is the practice world. */
  practice: boolean,
  /** The region it works in. */
  region: string,
  /** What people call that region: “Frankfurt”. */
  region_title: string,
  /** The account number, where known. */
  account: string | null,
  /** Who we are in the account, where known. */
  user: string | null,
  /** Where its access key is. */
  keys: KeysIn,
  /** It is the one in use. */
  current: boolean
};

export type Proposals = {
  /** The smallest there is, where that is not the recommended one. */
  smallest: string | null,
  /** The one that is taken where none is chosen; `None` where there is no size at all. */
  recommended: string | null,
  /** With twice the memory of the recommended one. */
  larger: string | null
};

export type RailPhase = "requested" | "booting" | "windows_ready" | "installing" | "site_up";

export type RailView = {
  /** Which. */
  phase: RailPhase,
  /** Where it stands. */
  state: PieceState,
  /** When it began. */
  started: number | null,
  /** When it ended. */
  ended: number | null,
  /** How long it usually takes, in milliseconds, where that is known. */
  usual: number | null,
  /** From 0 to 1, where it can be told. */
  progress: number | null
};

export type RdpCertificate = "same" | "other" | "unseen";

export type RecipeView = {
  /** Its id. */
  id: string,
  /** For people. */
  title: string,
  /** What one gets, in one or two sentences. */
  description: string,
  /** The version that is installed, for people; empty where the recipe names none. */
  version: string,
  /** It installs in the practice world. */
  practice: boolean,
  /** It installs on EC2. */
  ec2: boolean,
  /** What the user is asked, without the question which step is to fail. */
  inputs: Array<InputView>,
  /** A step can be made to fail in the first attempt, see [`Draft::fail_at`]. */
  rehearse: boolean,
  /** The steps, in the recipe's order. */
  steps: Array<PlannedStep>,
  /** How long all steps usually take together, where every one's time is known. */
  usual: number | null,
  /** The families of images that it installs on, by id, the proposed one first. */
  families: Array<string>,
  /** The smallest disk that it needs, in GiB. */
  least_disk_gib: number,
  /** The smallest memory that it needs, in MiB. */
  least_memory_mib: number,
  /** It did not come with Slipway, and nobody has let its steps run on this computer yet, as they do on Practice. */
  unasked: boolean
};

export type RegionView = {
  /** AWS's name, such as `eu-central-1`. */
  id: string,
  /** For people, such as “Frankfurt”. */
  title: string,
  /** False where the account has not opted in. */
  enabled: boolean
};

export type ServerView = {
  /** The launch's id. */
  id: string,
  /** Its name, unique among the live servers of a profile. */
  name: string,
  /** The profile it was launched with. */
  profile: string,
  /** The region it runs in. */
  region: string,
  /** Title of the recipe. */
  recipe: string,
  /** Name of the image it was launched from. */
  image: string | null,
  /** EC2's id, once there is one. */
  instance: string | null,
  /** Instance type. */
  size: string,
  /** Its disk, which costs on while it is stopped. */
  disk_gib: number,
  /** In one word. */
  status: Status,
  /** The step at work, or what it is doing; empty where the status says it all. */
  doing: string,
  /** Steps that have ended well. */
  steps_done: number,
  /** All steps. */
  steps_total: number,
  /** From 0 to 1 while it launches or an image is made. */
  progress: number | null,
  /** The site's address, only after it answered. */
  site_url: string | null,
  /** When it was asked for. */
  created: number,
  /** When it became ready or failed. */
  ended: number | null,
  /** Price an hour while it runs, with its disk and its public address; `None` where it is not known, and in the practice world. */
  usd_per_hour: number | null,
  /** What it has cost so far; `None` where it is not known, and in the practice world. */
  usd_so_far: number | null,
  /** When it stops itself, about: its own clock decides. `None` where it does not, or nobody here can tell. */
  stops_at: number | null,
  /** It is switched off, whatever it waits for: of what it costs an hour, only its disk goes on. */
  off: boolean,
  /** It costs nothing: it runs on this computer. */
  practice: boolean,
  /** What may be done with it now. */
  may: Acts,
  /** Grows with every change; a smaller one is older. */
  revision: number
};

export type SettingsView = {
  /** Light, dark, or as the system. */
  theme: Theme,
  /** How many times faster than usual the practice world works; at least 1. */
  practice_speed: number,
  /** The first-run page was answered. */
  welcomed: boolean,
  /** Where the journal and the logs are. */
  data_folder: string,
  /** The app's version. */
  version: string
};

export type SitePage = "home" | "admin";

export type SizeView = {
  /** AWS's name, such as `t3.large`. */
  id: string,
  /** Virtual CPUs. */
  vcpus: number,
  /** Memory in MiB. */
  memory_mib: number,
  /** Price an hour; `None` where it is not known, and in the practice world. */
  usd_per_hour: number | null,
  /** The use it is offered for; `None` for all other sizes. */
  fits: Use | null
};

export type Status = "launching" | "parked" | "ready" | "failed" | "stopping" | "stopped" | "starting" | "making_image" | "terminating" | "terminated";

export type StepView = {
  /** Its id in the recipe. */
  id: string,
  /** For people. */
  title: string,
  /** Ids of the steps it waits for. */
  needs: Array<string>,
  /** Where it stands. */
  state: PieceState,
  /** From 0 to 1, where it can be told. */
  progress: number | null,
  /** When it began, in the current attempt or the one that finished it. */
  started: number | null,
  /** When it ended. */
  ended: number | null,
  /** How long it usually takes, in milliseconds. */
  usual: number | null,
  /** When it would begin and end if everything took its usual time, in milliseconds after the install began. */
  planned_start: number,
  /** See [`StepView::planned_start`]. */
  planned_end: number,
  /** On the longest chain of steps: a delay here delays the site. */
  critical: boolean,
  /** Nothing was left to do. */
  already_done: boolean
};

export type Theme = "system" | "light" | "dark";

export type Unreached = "own_address" | "names" | "proxy" | "sign_in_page" | "ec2" | "s3" | "sts" | "aws" | "server";

export type Use = "demo" | "one_editor" | "busy_site";

export type Verdict = "good" | "unknown" | "warning" | "blocking";

export type VisitView = {
  /** HTTP status. */
  status: number,
  /** Time to its first byte, in milliseconds. */
  millis: number
};

export type WaitAction = "start_server" | "create_network" | "take_offer" | "allow_current_ip" | "trust_keys" | "check_profile" | "try_again" | "give_up";

export type WaitActionView = {
  /** What. */
  action: WaitAction,
  /** As a button says it. */
  label: string
};

export type WaitReason = { "kind": "sign_in" } | { "kind": "keychain" } | { "kind": "permission" } | { "kind": "account" } | { "kind": "quota" } | { "kind": "capacity", } | { "kind": "network_missing" } | { "kind": "clock" } | { "kind": "disk" } | { "kind": "network",
  /** What. */
  what: Unreached, } | { "kind": "throttled" } | { "kind": "journal" } | { "kind": "address_changed" } | { "kind": "keys_unproven" } | { "kind": "keys_mismatched" } | { "kind": "windows_slow" } | { "kind": "agent_silent" } | { "kind": "server_off" } | { "kind": "site_silent" } | { "kind": "leftovers" };

export type WaitingView = {
  /** What for. */
  reason: WaitReason,
  /** The same in words: “Waiting for …”. */
  words: string,
  /** Why the last try failed, and what to do. */
  error: Error,
  /** When the first try failed. */
  since: number,
  /** How many tries failed. */
  tries: number,
  /** When the next is made; null where it is under way, or made only when the user asks. */
  next: number | null,
  /** It goes on after the user did something; otherwise as soon as a try succeeds. */
  needs_user: boolean,
  /** It may end without the user. */
  ends_by_itself: boolean,
  /** What the user can do, the likeliest first. */
  actions: Array<WaitActionView>,
  /** Other places and sizes that have room; one is taken only when the user says so. */
  offers: Array<OfferView>
};
