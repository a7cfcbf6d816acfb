import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Once the service is ready: lets go of what the start has left behind, and from there on looks for what can go when
 * the heap has grown by half. By itself V8 waits for three times as much on top: a flood of sign-ins, of which nothing
 * stays, took 300 MB.
 */
export function settleHeap(): void {
  setFlagsFromString('--heap-growing-percent=50');
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
}
