// The backend that the build's mode chose.
declare module '#chosen-backend' {
  export function open(): Promise<import('$lib/backend').Backend>;
}
