/**
 * Where every copy of the OpenTelemetry API finds what was registered with another (its `internal/global-utils`), so that
 * looking for it does not take loading it.
 */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** Whether an SDK that was loaded before has said that it takes spans. */
export function hasTracerProvider(): boolean {
  const registered: unknown = Reflect.get(globalThis, REGISTERED);
  return typeof registered === 'object' && registered !== null && 'trace' in registered;
}
