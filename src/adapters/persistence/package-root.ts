import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** The folder of this package: it finds itself by its name, from source and from wherever the build puts this line. */
export const PACKAGE_ROOT: string = dirname(createRequire(import.meta.url).resolve('castellan/package.json'));
