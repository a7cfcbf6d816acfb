/** Drivers differ in whether they parse JSON. */
export function parsedJson<T>(value: unknown): T {
  return typeof value === 'string' ? JSON.parse(value) : (value as T);
}
