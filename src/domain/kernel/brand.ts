/**
 * A primitive that only its own door can make: two brands never mix, whatever they look like at run time. The mark is
 * for the compiler alone; no value carries it.
 */
export type Brand<T, Name extends string> = T & { readonly '~brand': Name };
