import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from './bundle.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

const TERMS = /^(licen[cs]e|copying|notice)\b/i;
const RULE = '-'.repeat(80);

/** Whose work is in the built files and on which terms: what the licences ask of whoever passes it on. */
export async function thirdParty({ outputs }: Pick<Bundle, 'outputs'>): Promise<string> {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = new Set(inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []));
  const packages = await Promise.all([...folders].map(terms));
  return ['Castellan is built with these packages.\n', ...packages.sort()].join(`\n${RULE}\n`);
}

async function terms(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(manifest) as Manifest;
  const names = (await readdir(folder)).filter((file) => TERMS.test(file)).sort();
  const texts = await Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')));
  return [`${name} ${version}, ${license}`, ...texts].join('\n\n');
}
