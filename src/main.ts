import { ended } from './cli/ended.ts';
import { serve } from './cli/serve.ts';
import { PROCESS } from './cli/shell.ts';

process.exit(await ended(() => serve(PROCESS), PROCESS));
