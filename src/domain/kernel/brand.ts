declare const brand: unique symbol;

/** A primitive that only its own door can make: two brands never mix, whatever they look like at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
