// What can be done with a server from anywhere: power, and the end of it. Each says what happened.
import type { PowerAct, ServerView } from '$lib/bindings';
import type { MenuItem } from '$lib/components/Menu.svelte';
import type { Session } from '$lib/state/session.svelte';
import { confirm } from '$lib/state/confirm.svelte';
import { attempt } from '$lib/state/toasts.svelte';
import { printable } from '$lib/words/printable';

const POWER: Record<PowerAct, { text: string; done: string }> = {
  start: { text: 'Start', done: 'is starting.' },
  stop: { text: 'Stop', done: 'is stopping. Its disk stays.' },
  restart: { text: 'Restart', done: 'is restarting.' },
};

/** The menu of a server: only what may be done now. */
export function menuOf(session: Session, server: ServerView, ended: () => void = () => {}): MenuItem[] {
  const may: [PowerAct, boolean][] = [
    ['start', server.may.start],
    ['stop', server.may.stop],
    ['restart', server.may.restart],
  ];
  const power = may.filter(([, allowed]) => allowed).map(([act]) => powerItem(session, server, act));
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

function powerItem(session: Session, server: ServerView, act: PowerAct): MenuItem {
  const { text, done } = POWER[act];
  return {
    text,
    act: () => attempt(() => session.backend.serverAct(server.id, act), `${printable(server.name, 60)} ${done}`),
  };
}
