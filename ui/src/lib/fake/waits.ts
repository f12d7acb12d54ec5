// Waits as the engine tells them.
import type { Error as Failure, LaunchView, WaitAction, WaitingView, WaitReason } from '../bindings';

const LABELS: Record<WaitAction, string> = {
  start_server: 'Start the server',
  create_network: 'Create the default network',
  take_offer: 'Launch elsewhere',
  allow_current_ip: 'Allow my current address',
  trust_keys: 'Trust this connection for this launch',
  check_profile: 'Look at the profile',
  try_again: 'Try again',
  give_up: 'Cancel the launch',
};

type Part = Partial<Omit<WaitingView, 'actions'>> & { actions?: WaitAction[] };

/** A wait for the user, unless `needs_user` is false. */
export function waitingFor(reason: WaitReason, words: string, error: Failure, part: Part = {}): WaitingView {
  const { actions = ['try_again', 'give_up'], ...rest } = part;
  return {
    reason,
    words,
    error,
    since: 0,
    tries: 1,
    next: null,
    needs_user: true,
    ends_by_itself: false,
    offers: [],
    ...rest,
    actions: actions.map((action) => ({ action, label: LABELS[action] })),
  };
}

/** A launch comes to wait. */
export function wait(view: LaunchView, waiting: WaitingView): void {
  view.waiting = waiting;
  const { error, since, offers } = waiting;
  const may_trust = waiting.actions.some((one) => one.action === 'trust_keys');
  view.parked = waiting.needs_user ? { error, since, may_trust, offers } : null;
}
