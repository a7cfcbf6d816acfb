import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Server } from './bench.ts';
import { ObservedProcess } from './observed-process.ts';
import { answering, freePort } from './ports.ts';
import { OWNER } from './world.ts';

/** As `npm start` starts it. */
export const SERVICE = ['--max-semi-space-size=4', fileURLToPath(new URL('../dist/start.cjs', import.meta.url))];
const BARE = fileURLToPath(new URL('./bare-server.ts', import.meta.url));

/** The environment of the service, all but its port. */
export type ServicePlan = Readonly<Record<string, string>>;

export function servicePlan(databaseUrl: string, smtpUrl: string): ServicePlan {
  return {
    DATABASE_URL: databaseUrl,
    MASTER_KEY: randomBytes(32).toString('base64'),
    PLATFORM_OWNER_EMAIL: OWNER.email,
    PLATFORM_OWNER_PASSWORD: OWNER.password,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'Castellan <no-reply@example.com>',
  };
}

/** The real service as it is shipped, with every feature on. */
export async function startService(
  plan: ServicePlan,
  nodeOptions: readonly string[] = [],
): Promise<Server & AsyncDisposable> {
  return await started([...nodeOptions, ...SERVICE], plan, '/readyz');
}

export async function startBareServer(databaseUrl: string): Promise<Server & AsyncDisposable> {
  return await started(['--import', 'tsx', BARE], { DATABASE_URL: databaseUrl }, '/bare');
}

async function started(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  path: string,
): Promise<Server & AsyncDisposable> {
  const port = await freePort();
  const process = new ObservedProcess(args, { ...env, PORT: String(port) });
  const dispose = () => process[Symbol.asyncDispose]();
  try {
    await answering(port, path);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { port, process, [Symbol.asyncDispose]: dispose };
}
