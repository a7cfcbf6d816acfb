/** What only HTTP refuses, besides the errors of the domain. */
export type HttpRefusalCode =
  | 'malformed-json'
  | 'payload-too-large'
  | 'unsupported-media-type'
  | 'method-not-allowed'
  | 'internal-error';

/** A refusal that each dialect renders in its own form. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly code: HttpRefusalCode;

  constructor(code: HttpRefusalCode) {
    super(code);
    this.code = code;
  }
}
