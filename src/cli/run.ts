import { castellan } from './castellan.ts';
import { PROCESS } from './shell.ts';

process.exitCode = await castellan(process.argv.slice(2), PROCESS);
