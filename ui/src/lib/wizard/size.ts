// A size in words.
import type { SizeView } from '$lib/bindings';

/** `4 vCPU · 16 GiB`. */
export function machineOf(size: SizeView): string {
  return `${size.vcpus} vCPU · ${size.memory_mib / 1024} GiB`;
}
