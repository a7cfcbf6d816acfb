import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError } from '../config/config.ts';

/** `given`: by the environment. `shown`: here, on a terminal. `kept`: in a file that only this user may read. */
export type OwnerPassword = { readonly secret: string } & (
  | { readonly kind: 'given' | 'shown' }
  | { readonly kind: 'kept'; readonly path: string }
);

const GENERATED_BYTES = 15;
const FILE = 'owner-password';
/** `EEXIST`: the folder is a file. */
const UNWRITABLE: readonly string[] = ['EACCES', 'EEXIST', 'ENOTDIR', 'EPERM', 'EROFS'];
const UNWRITABLE_FAULT =
  'PLATFORM_OWNER_PASSWORD: needed at the first start, as no generated one can be written to DATA_DIR';

/** Kept before it counts, and kept once: a password that nobody can read any more would lock the owner out. */
export async function ownerPassword(
  { owner, dataDir }: Pick<Config, 'owner' | 'dataDir'>,
  terminal: boolean,
): Promise<OwnerPassword> {
  if (owner.password !== undefined) return { kind: 'given', secret: owner.password };
  const secret = randomBytes(GENERATED_BYTES).toString('base64url');
  if (terminal) return { kind: 'shown', secret };
  const path = join(dataDir, FILE);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return { kind: 'kept', path, secret: await keptOnce(path, secret) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && UNWRITABLE.includes(code)) throw new ConfigError([UNWRITABLE_FAULT]);
    throw error;
  }
}

/** The one that is there already, if there is one. */
async function keptOnce(path: string, secret: string): Promise<string> {
  try {
    await writeFile(path, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(path, 'utf8')).trim();
  }
}

/** For whoever looks for it. */
export function whereabouts(password: OwnerPassword): string {
  switch (password.kind) {
    case 'given':
      return 'as given by PLATFORM_OWNER_PASSWORD';
    case 'shown':
      return `${password.secret}   (shown this once)`;
    case 'kept':
      return `in ${password.path}`;
  }
}
