import { randomBytes } from 'node:crypto';
import { asAdmin, drop, urlOf } from '../../test/support/postgres/admin.ts';
import { startService } from '../service.ts';
import { makeWorld } from '../world.ts';
import { populate } from './populate.ts';
import type { Size } from './size.ts';
import { townPlan } from './town-plan.ts';

/** A database with a town in it, beside the given one on its server. */
export async function throwawayTown(
  besideUrl: string,
  smtpUrl: string,
  size: Size,
  tell: (line: string) => void,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const name = `castellan_town_${randomBytes(4).toString('hex')}`;
  const server = { url: besideUrl, prefix: name };
  await asAdmin(server, (admin) => admin.query(`create database ${name}`));
  const dispose = () => drop(server, name);
  try {
    const url = urlOf(server, name);
    await makeTown(url, smtpUrl, size, tell);
    return { url, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** In an empty database. The service makes the project, with its keys; everybody else comes by SQL. */
export async function makeTown(
  databaseUrl: string,
  smtpUrl: string,
  size: Size,
  tell: (line: string) => void,
): Promise<void> {
  const projectId = await founded(databaseUrl, smtpUrl);
  await populate(databaseUrl, projectId, size, tell);
}

async function founded(databaseUrl: string, smtpUrl: string): Promise<string> {
  await using service = await startService(townPlan(databaseUrl, smtpUrl));
  const { projectId } = await makeWorld(service.port);
  return projectId;
}
