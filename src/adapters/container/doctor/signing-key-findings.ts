import type { ProjectId, ProjectState } from '../../../domain/project/project.ts';
import { isPublished, type SigningKeyState } from '../../../domain/project/signing-key.ts';
import { signingKeyBinding } from '../../../domain/project/signing-key-binding.ts';
import { sealedUnder } from '../../../domain/session/sealed-secret.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Ports } from '../../../ports/ports.ts';
import type { SecretBox } from '../../../ports/secret-box.ts';
import { AesGcmSecretBox } from '../../crypto/aes-gcm-secret-box.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** How late the next key may follow while the service runs. */
const PATIENCE_DAYS = 1;
const DAY_MS = 86_400_000;
const PAGE = 100;
const NAMED = 3;

interface SigningKeyFindingsDeps extends Pick<Ports, 'projectDirectory' | 'signingKeyDirectory'> {
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  /** A signing key is followed by another after so long. */
  readonly signingKeyDays: number;
}

/** Whether every project can sign, and will be able to. */
export async function* signingKeyFindings(deps: SigningKeyFindingsDeps): AsyncGenerator<Finding> {
  const { incomplete, changed, old, projects } = await examinedRings(deps);
  if (incomplete.length > 0) {
    yield fail(
      'signing-keys',
      `There is not one current and one next key in ${some(incomplete)}.`,
      'castellan keys rotate --project <id>, and again when it is no longer too soon: it makes what is missing.',
    );
  }
  if (changed.length > 0) {
    yield fail('signing-keys', `Keys were changed at rest in ${some(changed)}.`, 'Restore them from a backup.');
  }
  if (old.length > 0) {
    yield warn(
      'signing-keys',
      `A key has signed for more than ${deps.signingKeyDays} days in ${some(old)}.`,
      'Let the service run, which has the next one follow; or castellan keys rotate --project <id>',
    );
  }
  if (incomplete.length + changed.length + old.length === 0) {
    yield ok('signing-keys', `One key signs and one is ready in every project (${projects}).`);
  }
}

interface ExaminedRings {
  readonly projects: number;
  readonly incomplete: readonly ProjectId[];
  readonly changed: readonly ProjectId[];
  readonly old: readonly ProjectId[];
}

async function examinedRings(deps: SigningKeyFindingsDeps): Promise<ExaminedRings> {
  const { signingKeyDirectory, keyRing, clock, signingKeyDays } = deps;
  const secretBox = new AesGcmSecretBox(keyRing);
  const known = new Set(keyRing.keys('secret-box').map(({ id }) => id));
  const [incomplete, changed, old]: [ProjectId[], ProjectId[], ProjectId[]] = [[], [], []];
  const now = clock.now();
  let projects = 0;
  for await (const { id } of everyProject(deps)) {
    const ring = (await signingKeyDirectory.ofProject(id)).filter((key) => isPublished(key, now));
    const at = (stage: string) => ring.filter((key) => key.stage === stage);
    projects += 1;
    if (at('current').length !== 1 || at('next').length !== 1) incomplete.push(id);
    if (at('current').some((key) => ageDays(key, now) > signingKeyDays + PATIENCE_DAYS)) old.push(id);
    // Those under a master key that nobody has are found with everything else that is sealed.
    if (ring.some((key) => known.has(sealedUnder(key.sealedPrivateJwk)) && !opens(secretBox, key))) changed.push(id);
  }
  return { projects, incomplete, changed, old };
}

async function* everyProject({
  projectDirectory,
}: Pick<SigningKeyFindingsDeps, 'projectDirectory'>): AsyncGenerator<ProjectState> {
  let after: ProjectId | undefined;
  for (let more = true; more; ) {
    const { items, hasMore } = await projectDirectory.page({ after, limit: PAGE });
    yield* items;
    after = items.at(-1)?.id;
    more = hasMore;
  }
}

function ageDays({ activatedAt, createdAt }: SigningKeyState, now: Date): number {
  return (now.getTime() - (activatedAt ?? createdAt).getTime()) / DAY_MS;
}

function opens(secretBox: SecretBox, { projectId, kid, sealedPrivateJwk }: SigningKeyState): boolean {
  try {
    secretBox.open(sealedPrivateJwk, signingKeyBinding(projectId, kid));
    return true;
  } catch {
    return false;
  }
}

function some(projects: readonly ProjectId[]): string {
  const named = projects.slice(0, NAMED).join(', ');
  const others = projects.length - NAMED;
  return `project ${named}${others > 0 ? ` and ${others} more` : ''}`;
}
