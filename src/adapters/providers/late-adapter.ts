import type { ProviderAdapter } from '../../ports/auth-provider.ts';
import type { RoundTrip } from './round-trip.ts';

/** Loads what it takes when the first person comes: a process whose people have passwords alone never does. */
export class LateAdapter implements ProviderAdapter {
  readonly faultsOf: ProviderAdapter['faultsOf'];
  readonly #load: () => Promise<RoundTrip>;
  #loaded: Promise<RoundTrip> | undefined;

  constructor(faultsOf: ProviderAdapter['faultsOf'], load: () => Promise<RoundTrip>) {
    this.faultsOf = faultsOf;
    this.#load = load;
  }

  async start(...input: Parameters<ProviderAdapter['start']>): ReturnType<ProviderAdapter['start']> {
    return (await this.#adapter()).start(...input);
  }

  async finish(...input: Parameters<ProviderAdapter['finish']>): ReturnType<ProviderAdapter['finish']> {
    return (await this.#adapter()).finish(...input);
  }

  #adapter(): Promise<RoundTrip> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }
}
