// What the window calls the states of servers, phases and images.
import type { ImageView, RailPhase, ServerView, Status } from '../bindings';

/** How a pill looks. */
export type Tone = 'neutral' | 'run' | 'ok' | 'bad' | 'warn';

const STATUS: Record<Status, { text: string; tone: Tone }> = {
  launching: { text: 'Launching', tone: 'run' },
  parked: { text: 'Waits for you', tone: 'warn' },
  ready: { text: 'Ready', tone: 'ok' },
  failed: { text: 'Install failed', tone: 'bad' },
  stopping: { text: 'Stopping', tone: 'neutral' },
  stopped: { text: 'Stopped', tone: 'neutral' },
  starting: { text: 'Starting', tone: 'run' },
  making_image: { text: 'Making an image', tone: 'warn' },
  terminating: { text: 'Terminating', tone: 'neutral' },
  terminated: { text: 'Terminated', tone: 'neutral' },
};

/** The words and the look of a server's state. */
export function statusOf(server: ServerView): { text: string; tone: Tone } {
  const { text, tone } = STATUS[server.status];
  if (server.status === 'launching' && server.doing !== '') return { text: server.doing, tone };
  if (server.status === 'making_image' && server.progress !== null) {
    return { text: `${text} · ${Math.round(server.progress * 100)} %`, tone };
  }
  return { text, tone };
}

/** The phases of the rail, as headings. */
export const PHASE: Record<RailPhase, string> = {
  requested: 'Requested',
  booting: 'Booting',
  windows_ready: 'Windows is ready',
  installing: 'Installing',
  site_up: 'Site is up',
};

/** The words and the look of an image's state. */
export function imageStatusOf(image: ImageView): { text: string; tone: Tone } {
  if (image.state === 'making') return { text: `Being made · ${image.percent} %`, tone: 'run' };
  if (image.state === 'failed') return { text: 'Could not be made', tone: 'bad' };
  return { text: 'Available', tone: 'ok' };
}
