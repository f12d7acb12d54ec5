// What can be done with a server from anywhere: power, and the end of it. Each says what happened.
import type { PowerAct, ServerView } from '$lib/bindings';
import type { MenuItem } from '$lib/components/Menu.svelte';
import type { Session } from '$lib/state/session.svelte';
import { confirm } from '$lib/state/confirm.svelte';
import { attempt } from '$lib/state/toasts.svelte';
import { stoppedCostOf } from '$lib/words/cost';
import { printable } from '$lib/words/printable';

const POWER: Record<PowerAct, { text: string; done: string }> = {
  start: { text: 'Start', done: 'is starting.' },
  stop: { text: 'Stop', done: 'is stopping. Its disk stays.' },
  restart: { text: 'Restart', done: 'is restarting.' },
};

/** What a stop and a start mean for whoever knows the address. */
export const NEW_ADDRESS =
  'When it starts it gets another public address: links, DNS entries and saved .rdp files lead to the old one no longer.';

/** The menu of a server: only what may be done now. */
export function menuOf(session: Session, server: ServerView, ended: () => void = () => {}): MenuItem[] {
  const may: [PowerAct, boolean][] = [
    ['start', server.may.start],
    ['stop', server.may.stop],
    ['restart', server.may.restart],
  ];
  const power = may.filter(([, allowed]) => allowed).map(([act]) => powerItem(session, server, act));
  if (server.may.extend) power.push({ text: 'Keep it running', act: () => keepRunning(session, server) });
  const end: MenuItem = { text: 'Terminate…', danger: true, act: async () => (await terminate(session, server)) && ended() };
  return server.may.terminate ? [...power, end] : power;
}

/** Asks, then removes the server with everything that the launch created. */
export async function terminate(session: Session, server: ServerView): Promise<boolean> {
  const sure = await confirm({
    title: `Terminate ${server.name}?`,
    destroys: destroyed(server),
    keeps: 'Images that were made of it stay.',
    action: 'Terminate',
    typed: server.status === 'ready' ? server.name : '',
  });
  if (!sure) return false;
  return attempt(() => session.backend.terminate(server.id), `${printable(server.name, 60)} is being terminated.`);
}

function destroyed(server: ServerView): string[] {
  const id = server.instance === null ? '' : ` (${server.instance})`;
  const site = server.site_url === null ? [] : [`The site at ${server.site_url}`];
  return [`The server ${server.name}${id}`, ...site, 'Its disk with everything on it', 'Its key pair and its firewall group'];
}

/** Powers it on or off. What a stop means on EC2 is said before. */
export async function power(session: Session, server: ServerView, act: PowerAct): Promise<boolean> {
  if (act === 'stop' && !server.practice && !(await stopping(session, server))) return false;
  return attempt(() => session.backend.serverAct(server.id, act), `${printable(server.name, 60)} ${POWER[act].done}`);
}

const MINUTE_MS = 60_000;
const MORE_HOURS = 4;

/** Puts off that it stops itself, by some hours from when it would have. */
export function keepRunning(session: Session, server: ServerView): Promise<boolean> {
  const left = Math.max(0, (server.stops_at ?? 0) - session.now.value) / MINUTE_MS;
  const minutes = Math.ceil(left) + MORE_HOURS * 60;
  const done = `${printable(server.name, 60)} runs ${MORE_HOURS} hours longer before it stops itself.`;
  return attempt(() => session.backend.extend(server.id, minutes), done);
}

function stopping(session: Session, server: ServerView): Promise<boolean> {
  const cost = stoppedCostOf(server, session.prices.value);
  return confirm({
    title: `Stop ${server.name}?`,
    destroys: [],
    keeps: `The site and Remote Desktop are off until you start it again. ${NEW_ADDRESS} ${cost}`,
    action: 'Stop',
    typed: '',
  });
}

/** Opens Remote Desktop. The password is on the server's own screen. */
export function connect(session: Session, server: ServerView): Promise<boolean> {
  return attempt(() => session.backend.connectRdp(server.id), 'Remote Desktop is opening.');
}

/** This computer's new address is let in, in place of the old one. */
export function allowCurrentIp(session: Session, server: ServerView): Promise<boolean> {
  return attempt(() => session.backend.addressChanged(server.id), 'This computer’s present address is let in.');
}

function powerItem(session: Session, server: ServerView, act: PowerAct): MenuItem {
  const asks = act === 'stop' && !server.practice;
  return { text: asks ? 'Stop…' : POWER[act].text, act: () => power(session, server, act) };
}
