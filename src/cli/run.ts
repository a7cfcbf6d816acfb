import { castellan } from './castellan.ts';
import { EXIT, PROCESS } from './shell.ts';

let lost: Error | undefined;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads may have seen enough (`castellan doctor | head -1`): what is asked for is done all the same.
    if (error.code !== 'EPIPE') lost ??= error;
  });
}

const code = await castellan(process.argv.slice(2), PROCESS);
process.exitCode = code;
// That the last words were lost, a key that is shown once among them, is known only now.
process.on('exit', () => {
  if (lost === undefined) return;
  PROCESS.error(`What was answered is lost: ${lost.message}\n`);
  if (code === EXIT.ok) process.exitCode = EXIT.failed;
});
