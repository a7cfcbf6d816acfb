import { castellan } from './castellan.ts';
import { PROCESS } from './shell.ts';

// Whoever reads may have seen enough (`castellan doctor | head -1`): what is asked for is done all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await castellan(process.argv.slice(2), PROCESS);
