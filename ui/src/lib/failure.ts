// What a rejected call holds: an error for people, whatever was thrown.
import type { Error as Failure } from './bindings';

export type { Failure };

/** The error for people in something that was thrown. */
export function failureOf(thrown: unknown): Failure {
  if (isFailure(thrown)) return thrown;
  const cause = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    kind: 'internal',
    sentence: 'Something went wrong in the window.',
    hint: 'Try again; if it stays, save the log and report this.',
    causes: [cause],
    request_id: null,
  };
}

function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === 'object' && thrown !== null && 'kind' in thrown && 'sentence' in thrown;
}
