import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { NamedAccounts } from '../../ports/directories/account-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import type { EmailParser } from '../account/email-parser.ts';
import type { Operator, UserActor } from '../actor.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';
import type { ImportAccounts, ImportTarget } from './import-accounts.ts';
import { type Candidate, candidateOf, isAccountOf, namesOf } from './import-candidate.ts';
import { type ImportEntry, type ImportOutcome, type ImportRefusal, refusalOf } from './import-outcome.ts';
import { SeenNames } from './seen-names.ts';

export interface ImportUsersInput {
  readonly projectId: ProjectId;
  /** Says what would become of every line, and saves nothing. */
  readonly dryRun: boolean;
  /** Asked for as fast as it is worked on. */
  readonly entries: AsyncIterable<ImportEntry>;
}

/** Accounts in one commit. Measured: from 50 on each costs Node and Postgres some 250 µs, with 10 twice to three times that. */
const BATCH = 100;
/** Commits under way, while the next one is being made ready. */
const AT_ONCE = 2;

type ImportUsersDeps = Pick<Ports, 'unitOfWork' | 'accountDirectory' | 'passwordHasher' | 'contentDigest'> & {
  readonly platformAuthority: PlatformAuthority;
  readonly knownProjects: KnownProjects;
  readonly parseEmail: EmailParser;
  readonly importAccounts: ImportAccounts;
};

interface Run extends ImportTarget {
  readonly seen: SeenNames;
  /** Seats that a dry run would have taken so far. */
  reserved: number;
}

/** A line that is done with, or one that an account is to be made of. */
type Decided = ImportOutcome | Candidate;

/**
 * Brings accounts in from elsewhere, with the passwords that people have. An account that is there is never changed; one
 * that was made of the very same record is done already. So an import that was broken off goes on when it is started
 * again with the same file.
 */
export class ImportUsers {
  readonly #deps: ImportUsersDeps;
  constructor(deps: ImportUsersDeps) {
    this.#deps = deps;
  }

  /** What became of each line, in their order. @throws IamError `forbidden`, `not-found` */
  async execute(
    actor: UserActor | Operator,
    { projectId, dryRun, entries }: ImportUsersInput,
  ): Promise<AsyncIterable<ImportOutcome>> {
    const { platformAuthority, knownProjects, contentDigest } = this.#deps;
    await platformAuthority.assertOperator(actor);
    const project = await knownProjects.byId(projectId);
    return this.#outcomes({ actor, project, dryRun, seen: new SeenNames(contentDigest), reserved: 0 }, entries);
  }

  async *#outcomes(run: Run, entries: AsyncIterable<ImportEntry>): AsyncGenerator<ImportOutcome> {
    const underWay: Promise<readonly ImportOutcome[]>[] = [];
    // Where places are few, the first lines have them: whoever starts again finds the same people inside.
    const atOnce = run.project.settings.userLimit === null ? AT_ONCE : 1;
    try {
      for await (const batch of batchesOf(entries)) {
        if (underWay.length === atOnce) yield* (await underWay.shift()) ?? [];
        const done = this.#done(run, await this.#decide(run, batch));
        // Whoever reads hears of a failure in its turn.
        done.catch(() => {});
        underWay.push(done);
      }
      while (underWay.length > 0) yield* (await underWay.shift()) ?? [];
    } finally {
      // However it ends, nothing goes on behind the back of whoever reads.
      await Promise.allSettled(underWay);
    }
  }

  /** What is known of each line before a commit. The first line that has a name keeps it. */
  async #decide(run: Run, batch: readonly ImportEntry[]): Promise<readonly Decided[]> {
    const read = batch.map((entry) => this.#read(entry));
    const candidates = read.filter((decided) => 'record' in decided);
    const accounts = await this.#accountsOf(run, candidates);
    return read.map((decided) => {
      if (!('record' in decided)) return decided;
      const names = namesOf(decided);
      const first = run.seen.lineOf(names);
      if (first !== undefined) return refused(decided.line, { code: 'repeated', message: `is on line ${first}, too` });
      const standing = standingOf(decided, accounts);
      if (standing?.kind !== 'refused') run.seen.remember(names, decided.line);
      return standing ?? decided;
    });
  }

  #read(entry: ImportEntry): Decided {
    const { line } = entry;
    if ('refusal' in entry) return refused(line, entry.refusal);
    try {
      return candidateOf(line, entry.record, this.#deps);
    } catch (error) {
      if (!(error instanceof IamError)) throw error;
      return refused(line, refusalOf(error));
    }
  }

  #accountsOf({ project }: Run, candidates: readonly Candidate[]): Promise<NamedAccounts> {
    return this.#deps.accountDirectory.named(project.id, {
      ids: candidates.flatMap(({ id }) => id ?? []),
      emails: candidates.flatMap(({ email }) => email ?? []),
      identities: candidates.flatMap(({ record }) => record.links ?? []),
    });
  }

  async #done(run: Run, decided: readonly Decided[]): Promise<readonly ImportOutcome[]> {
    const candidates = decided.filter((each) => 'record' in each);
    const outcomes = new Map((await this.#import(run, candidates)).map((outcome) => [outcome.line, outcome]));
    return decided.flatMap((each) => ('record' in each ? (outcomes.get(each.line) ?? []) : each));
  }

  /** In one commit; where one of them was refused by the store, in one for each. */
  async #import(run: Run, candidates: readonly Candidate[]): Promise<readonly ImportOutcome[]> {
    const { unitOfWork, importAccounts } = this.#deps;
    if (candidates.length === 0) return [];
    try {
      const outcomes = await unitOfWork.run((repositories) =>
        importAccounts.import(repositories, run, candidates, run.reserved),
      );
      if (run.dryRun) run.reserved += outcomes.filter(takesSeat).length;
      return outcomes;
    } catch (error) {
      if (!(error instanceof IamError) || error.is('unavailable')) throw error;
      const [only, ...others] = candidates;
      if (only !== undefined && others.length === 0) return [refused(only.line, refusalOf(error))];
    }
    const outcomes: ImportOutcome[] = [];
    for (const candidate of candidates) outcomes.push(...(await this.#import(run, [candidate])));
    return outcomes;
  }
}

/** What the accounts that there are make of it; `undefined` where it meets none of them. */
function standingOf(candidate: Candidate, accounts: NamedAccounts): ImportOutcome | undefined {
  const { line, id, email, record } = candidate;
  const of = (userId: UserId, otherwise: ImportRefusal): ImportOutcome =>
    isAccountOf(candidate, userId) ? { line, kind: 'present', userId } : refused(line, otherwise);
  const holder = accounts.byEmail.find((account) => account.email === email);
  if (holder !== undefined) return of(holder.id, refusalOf(new IamError('email-already-registered')));
  const linked = accounts.byIdentity.find(({ providerId, externalId }) =>
    record.links?.some((link) => link.providerId === providerId && link.externalId === externalId),
  );
  if (linked !== undefined) return of(linked.userId, refusalOf(new IamError('provider-already-linked')));
  const same = accounts.byId.find((account) => account.id === id);
  // Made of this record, and at another address by now.
  if (same !== undefined && record.id === undefined) return { line, kind: 'present', userId: same.id };
  return same && refused(line, { code: 'id-already-used', message: 'id belongs to another account' });
}

function refused(line: number, refusal: ImportRefusal): ImportOutcome {
  return { line, kind: 'refused', refusal };
}

function takesSeat(outcome: ImportOutcome): boolean {
  return outcome.kind === 'imported' && !outcome.provisional;
}

async function* batchesOf(entries: AsyncIterable<ImportEntry>): AsyncGenerator<readonly ImportEntry[]> {
  let batch: ImportEntry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
