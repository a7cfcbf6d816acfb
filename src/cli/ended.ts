import { ConfigError } from '../adapters/config/config.ts';
import { isRefusal, refusalText } from '../adapters/container/refusal-text.ts';
import { EXIT, type ExitCode, type Shell } from './shell.ts';

/** Does the work; if it fails, says why in words for the operator, never with a stack. */
export async function ended(work: () => Promise<ExitCode>, { error: say }: Shell): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    say(`${textOf(error)}\n`);
    return isUsage(error) ? EXIT.usage : EXIT.failed;
  }
}

function textOf(error: unknown): string {
  // One line for each variable.
  if (error instanceof ConfigError) return error.message;
  if (isRefusal(error)) return oneLine(refusalText(error));
  return oneLine(error instanceof Error ? error.message : String(error));
}

/** What the caller wrote was wrong, not what came of it. */
function isUsage(error: unknown): boolean {
  return error instanceof ConfigError || (isRefusal(error) && error.is('validation-error'));
}

export function oneLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}
