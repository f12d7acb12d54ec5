// Money in US dollars, and counted things.

/** `$0.05`, `$0.119` where cents would hide it. */
export function dollars(amount: number, digits = 2): string {
  return `$${amount.toFixed(digits)}`;
}

/** `1 server`, `3 servers`. */
export function count(number: number, thing: string, things = `${thing}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? thing : things}`;
}
