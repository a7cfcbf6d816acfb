/** What may be written down of an error. */
interface Said {
  readonly causes: readonly object[];
  readonly stack: string;
}

const MOST_CAUSES = 5;
/** SQLSTATE of data exceptions, whose messages quote the value. */
const DATA_EXCEPTION = /^22[\dA-Z]{3}$/;
const END_OF_AUTHORITY = /[/?#\s]/;
const FRAME = /^ {4}at /;

/**
 * What may be written down of an error and of what led to it: type, code, where it came from, and its message as far as
 * that quotes nothing. All other members are left out: they may hold anything.
 */
export function saidOf(error: unknown): Said {
  const causes: object[] = [];
  for (let cause = error; cause instanceof Error && causes.length < MOST_CAUSES; cause = cause.cause) {
    const code = codeOf(cause);
    causes.push({ type: cause.name, message: messageOf(cause, code), code });
  }
  return { causes, stack: error instanceof Error ? framesOf(error) : '' };
}

function messageOf(error: Error, code: string | undefined): string | undefined {
  // What a parser stumbles over is a piece of what it was given.
  if (error instanceof SyntaxError || DATA_EXCEPTION.test(code ?? '')) return undefined;
  return withoutCredentials(withoutParameters(error.message));
}

/** Those before the host of a URL. */
function withoutCredentials(message: string): string {
  const [start = '', ...rests] = message.split('://');
  return [start, ...rests.map(withoutUserInfo)].join('://');
}

function withoutUserInfo(rest: string): string {
  const end = rest.search(END_OF_AUTHORITY);
  return rest.slice(rest.slice(0, end === -1 ? undefined : end).lastIndexOf('@') + 1);
}

/** Those of a statement, which a database driver puts after it. */
function withoutParameters(message: string): string {
  return message.replace(/\nparams:[\s\S]*$/, '');
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A stack begins with the message, which may look like anything. */
function framesOf({ stack = '', message }: Error): string {
  const afterMessage = stack.slice(stack.indexOf(message) + message.length);
  return afterMessage
    .split('\n')
    .filter((line) => FRAME.test(line))
    .join('\n');
}
