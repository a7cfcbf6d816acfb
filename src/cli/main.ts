#!/usr/bin/env node
import { castellan } from './castellan.ts';

process.exitCode = await castellan(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
