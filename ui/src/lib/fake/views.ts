// The parts of a fresh launch, and what may be done in each state.
import type { AccessView, Acts, Draft, LaunchView, PlannedStep, ServerView, Status, StepView } from '../bindings';
import { THUMBPRINT } from './inside';

/** What a launch takes before its install, in milliseconds. */
export const BEFORE = { requested: 2_000, booting: 41_000, windows_ready: 207_000 };
export const SITE_UP = 6_000;

const NOTHING: Acts = {
  stop: false,
  start: false,
  restart: false,
  retry: false,
  extend: false,
  image: false,
  connect: false,
  terminate: false,
};

export function actsOf(status: Status): Acts {
  switch (status) {
    case 'ready':
      return { ...NOTHING, stop: true, restart: true, image: true, connect: true, terminate: true };
    case 'failed':
      return { ...NOTHING, stop: true, retry: true, connect: true, terminate: true };
    case 'stopped':
      return { ...NOTHING, start: true, terminate: true };
    case 'launching':
    case 'parked':
      return { ...NOTHING, terminate: true };
    default:
      return NOTHING;
  }
}

export function freshServer(id: string, draft: Draft, more: Partial<ServerView>): ServerView {
  return {
    id,
    name: draft.name,
    profile: 'Practice',
    region: draft.region,
    recipe: '',
    image: null,
    instance: null,
    size: draft.size,
    disk_gib: draft.disk_gib,
    status: 'launching',
    doing: 'Checking',
    steps_done: 0,
    steps_total: 0,
    progress: 0,
    site_url: null,
    created: 0,
    ended: null,
    usd_per_hour: null,
    usd_so_far: null,
    stops_at: null,
    off: false,
    practice: true,
    may: actsOf('launching'),
    revision: 1,
    ...more,
  };
}

export function freshLaunch(server: ServerView, steps: PlannedStep[], usual: number | null): LaunchView {
  const phase = (name: LaunchView['rail'][number]['phase'], usually: number | null) => ({
    phase: name,
    state: 'waiting' as const,
    started: null,
    ended: null,
    usual: usually,
    progress: null,
  });
  return {
    server,
    rail: [
      phase('requested', BEFORE.requested),
      phase('booting', BEFORE.booting),
      phase('windows_ready', BEFORE.windows_ready),
      phase('installing', usual),
      phase('site_up', SITE_UP),
    ],
    steps: steps.map(freshStep),
    install_started: null,
    attempt: 1,
    connection: { state: 'none', verified: false, trusted: false, mismatched: false, since: null },
    waiting: null,
    parked: null,
    failure: null,
    access: null,
    image_job: null,
    leftovers: [],
    log_lines: 0,
  };
}

function freshStep(step: PlannedStep): StepView {
  return { ...step, state: 'waiting', progress: null, started: null, ended: null, already_done: false };
}

/** Where a machine is reached. */
export interface Place {
  host: string;
  rdpPort: number;
  url: string;
  /** The address that may connect. */
  from: string;
  millis: number;
  /** Of the certificate that Remote Desktop shows. */
  thumbprint: string | null;
}

/** The `number`th machine of the practice world, or one on EC2. */
export function placeOf(practice: boolean, number: number): Place {
  if (practice) {
    const host = '127.0.0.1';
    return { host, rdpPort: 33_890 + number, url: `http://${host}:${8100 + number}`, from: host, millis: 12, thumbprint: null };
  }
  const host = 'ec2-18-197-44-201.eu-central-1.compute.amazonaws.com';
  return { host, rdpPort: 3389, url: `http://${host}`, from: '93.184.216.34', millis: 180, thumbprint: THUMBPRINT };
}

/** The same machine after a stop and a start: EC2 gives it another address. */
export function movedFrom(place: Place): Place {
  const host = place.host.replace('18-197-44-201', '3-120-8-77');
  return { ...place, host, url: `http://${host}` };
}

export function accessOf(place: Place, url: string | null): AccessView {
  return {
    host: place.host,
    rdp_port: place.rdpPort,
    user: 'Administrator',
    has_password: true,
    rdp_thumbprint: place.thumbprint,
    site_url: url,
    visit: url === null ? null : { status: 200, millis: place.millis },
    admin: url === null ? null : { url: `${url}/admin`, user: 'administrator', has_password: true },
    allowed_from: [place.from],
  };
}
