import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { document } from './document.ts';
import { SECTIONS } from './requirements.ts';
import { ROOT } from './source-files.ts';

writeFileSync(join(ROOT, 'docs/security-requirements.md'), document(SECTIONS));
