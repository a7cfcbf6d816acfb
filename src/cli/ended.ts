import { ConfigError } from '../adapters/config/config.ts';
import { failureText, isRefusal } from '../adapters/container/failure-text.ts';
import { EXIT, type ExitCode, type Shell } from './shell.ts';
import { textOf } from './text.ts';

/** Does the work; if it fails, says why in words for the operator, never with a stack. */
export async function ended(work: () => Promise<ExitCode>, { error: say }: Shell): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    // A wrong environment has a line for each variable.
    const lines = error instanceof ConfigError ? error.message.split('\n') : [oneLine(failureText(error))];
    say(textOf(lines));
    return isUsage(error) ? EXIT.usage : EXIT.failed;
  }
}

/** What the caller wrote was wrong, not what came of it. */
function isUsage(error: unknown): boolean {
  return error instanceof ConfigError || (isRefusal(error) && error.is('validation-error'));
}

export function oneLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}
