// Times and durations in words and as clocks. All in milliseconds.

/** `3:27`, `1:02:09`: for columns, with tabular figures. */
export function clock(millis: number): string {
  const seconds = Math.max(0, Math.round(millis / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** `15 min 48 s`, `2 h 14 min`, `3 days`: for sentences. */
export function span(millis: number): string {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 48 * 60) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  return `${Math.floor(minutes / 1440)} days`;
}

/** `about 6 min`, `under a minute`: for what is usual. */
export function about(millis: number): string {
  if (millis < 45_000) return 'under a minute';
  return `about ${Math.max(1, Math.round(millis / 60_000))} min`;
}

/** The same where there is little room: `~6 min`, `< 1 min`. */
export function briefly(millis: number): string {
  return about(millis).replace('about ', '~').replace('under a minute', '< 1 min');
}

/** `14:22:07` in this computer's time zone. */
export function timeOfDay(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** `22 Nov 2026`. */
export function day(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** `2026-11-22`: for names. */
export function isoDay(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function joined(major: number, majorUnit: string, minor: number, minorUnit: string): string {
  return minor === 0 ? `${major} ${majorUnit}` : `${major} ${majorUnit} ${minor} ${minorUnit}`;
}
