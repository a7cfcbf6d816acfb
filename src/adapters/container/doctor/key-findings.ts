import type { ProjectId, ProjectState } from '../../../domain/project/project.ts';
import type { SigningKeyState } from '../../../domain/project/signing-key.ts';
import { sealedUnder } from '../../../domain/session/sealed-secret.ts';
import type { ProjectDirectory } from '../../../ports/directories/project-directory.ts';
import type { SigningKeyDirectory } from '../../../ports/directories/signing-key-directory.ts';
import { AesGcmSecretBox } from '../../crypto/aes-gcm-secret-box.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { signingKeyBinding } from '../../../domain/project/signing-key-binding.ts';
import { type Database, secretsByKey } from '../../persistence/index.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** A signing key is followed by another after so long. */
const OLD_DAYS = 90;
const DAY_MS = 86_400_000;
const PAGE = 100;
const NAMED = 3;

interface KeyFindingsDeps {
  readonly database: Database;
  readonly projectDirectory: ProjectDirectory;
  readonly signingKeyDirectory: SigningKeyDirectory;
  readonly keyRing: KeyRing;
  readonly now: Date;
}

/** Whether every project can sign, and whether the master keys open what is sealed. */
export async function* keyFindings(deps: KeyFindingsDeps): AsyncGenerator<Finding> {
  if ((await deps.projectDirectory.platform()) === undefined) {
    yield warn('platform', 'It is not installed yet.', 'Install it: castellan serve, or castellan owner create');
    return;
  }
  yield ok('platform', 'It is installed.');
  const { incomplete, closed, old, projects, underKey } = await examinedRings(deps);
  if (incomplete.length > 0) {
    yield fail(
      'signing-keys',
      `There is not one current and one next key in ${some(incomplete)}.`,
      'Restore the table signing_keys from a backup.',
    );
  }
  if (old.length > 0) {
    yield warn(
      'signing-keys',
      `A key has signed for more than ${OLD_DAYS} days in ${some(old)}.`,
      'castellan keys rotate',
    );
  }
  if (incomplete.length + old.length === 0) {
    yield ok('signing-keys', `One key signs and one is ready in every project (${projects}).`);
  }
  yield masterKeyFinding(deps.keyRing, closed, await withSecrets(underKey, deps.database));
}

interface ExaminedRings {
  readonly projects: number;
  readonly incomplete: readonly ProjectId[];
  readonly closed: readonly ProjectId[];
  readonly old: readonly ProjectId[];
  readonly underKey: ReadonlyMap<string, number>;
}

async function examinedRings({ signingKeyDirectory, keyRing, now, ...deps }: KeyFindingsDeps): Promise<ExaminedRings> {
  const secretBox = new AesGcmSecretBox(keyRing);
  const [incomplete, closed, old]: [ProjectId[], ProjectId[], ProjectId[]] = [[], [], []];
  const underKey = new Map<string, number>();
  let projects = 0;
  for await (const { id } of everyProject(deps.projectDirectory)) {
    const ring = await signingKeyDirectory.ofProject(id);
    const current = ring.filter(({ stage }) => stage === 'current');
    projects += 1;
    if (current.length !== 1 || ring.filter(({ stage }) => stage === 'next').length !== 1) incomplete.push(id);
    if (current.some((key) => ageDays(key, now) > OLD_DAYS)) old.push(id);
    if (!ring.every((key) => opens(secretBox, key))) closed.push(id);
    for (const { sealedPrivateJwk } of ring) count(underKey, sealedUnder(sealedPrivateJwk), 1);
  }
  return { projects, incomplete, closed, old, underKey };
}

async function* everyProject(directory: ProjectDirectory): AsyncGenerator<ProjectState> {
  let after: ProjectId | undefined;
  for (let more = true; more; ) {
    const { items, hasMore } = await directory.page({ after, limit: PAGE });
    yield* items;
    after = items.at(-1)?.id;
    more = hasMore;
  }
}

function ageDays({ activatedAt, createdAt }: SigningKeyState, now: Date): number {
  return (now.getTime() - (activatedAt ?? createdAt).getTime()) / DAY_MS;
}

function opens(secretBox: AesGcmSecretBox, { projectId, kid, sealedPrivateJwk }: SigningKeyState): boolean {
  try {
    secretBox.open(sealedPrivateJwk, signingKeyBinding(projectId, kid));
    return true;
  } catch {
    return false;
  }
}

async function withSecrets(
  counts: ReadonlyMap<string, number>,
  database: Database,
): Promise<ReadonlyMap<string, number>> {
  const all = new Map(counts);
  for (const [key, secrets] of await secretsByKey(database)) count(all, key, secrets);
  return all;
}

function count(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

function masterKeyFinding(
  keyRing: KeyRing,
  closed: readonly ProjectId[],
  underKey: ReadonlyMap<string, number>,
): Finding {
  const [present, previous] = keyRing.keys('secret-box');
  const lost = [...underKey].filter(([key]) => key !== present.id && key !== previous?.id);
  const unopened = lost.reduce((sum, [, secrets]) => sum + secrets, 0);
  if (unopened > 0) {
    return fail(
      'master-key',
      `${unopened} stored secrets are sealed under another master key: nobody signs in with them.`,
      'Start with the master key that they were sealed under, as MASTER_KEY or as MASTER_KEY_PREVIOUS.',
    );
  }
  if (closed.length > 0) {
    return fail('master-key', `Signing keys were changed at rest in ${some(closed)}.`, 'Restore them from a backup.');
  }
  const before = previous === undefined ? 0 : (underKey.get(previous.id) ?? 0);
  if (before > 0) {
    return warn(
      'master-key',
      `${before} stored secrets are sealed under MASTER_KEY_PREVIOUS.`,
      'Keep it until there are none.',
    );
  }
  return ok('master-key', 'It opens every stored secret.');
}

function some(projects: readonly ProjectId[]): string {
  const named = projects.slice(0, NAMED).join(', ');
  const others = projects.length - NAMED;
  return `project ${named}${others > 0 ? ` and ${others} more` : ''}`;
}
