import { readFile } from 'node:fs/promises';

const NOBODY = 65534;

/** Whom a server runs as: us, unless we are root; then the user of that name where there is one, else nobody. */
export async function unprivilegedUser(name: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const uid = process.getuid?.() ?? NOBODY;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? NOBODY };
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const [, owner, group] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(users) ?? [];
  return { uid: Number(owner ?? NOBODY), gid: Number(group ?? NOBODY) };
}
