import type { Context } from 'hono';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';

/**
 * Tells the operator of a request that failed by accident. What a database driver puts into its messages after the
 * statement (parameters) is left out, and so are all other members of the error: they may hold anything.
 */
export function logFailure(
  c: Context<HttpEnvironment>,
  { logger }: Pick<HttpDependencies, 'logger'>,
  error: Error,
): void {
  const causes = causesOf(error);
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  logger.error(
    { requestId: c.get('requestId'), traceId: c.get('traceId'), causes, stack: frames?.join('\n') },
    'a request failed',
  );
}

/** What may be written down of an error and of what led to it. */
export function causesOf(error: unknown): readonly object[] {
  const causes: object[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push({ type: cause.name, message: withoutParameters(cause.message), code: codeOf(cause) });
  }
  return causes;
}

function withoutParameters(message: string): string {
  return message.replace(/\nparams:[\s\S]*$/, '');
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
