import { castellan } from '../../src/cli/castellan.ts';

/** Nothing of the machine that the tests run on. */
type Environment = Readonly<Record<string, string>>;

/** Runs a command as its process would, where nobody is looking. */
export async function runCommand(environment: Environment, ...args: readonly string[]) {
  let [out, error] = ['', ''];
  const code = await castellan(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    terminal: false,
    environment: { ...environment },
  });
  return {
    code,
    out,
    error,
    /** What was answered with `--json`. */
    json: args.includes('--json') && out !== '' ? JSON.parse(out) : undefined,
  };
}
