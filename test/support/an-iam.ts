import { randomBytes } from 'node:crypto';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import type { MemoryStore } from '../../src/adapters/memory/index.ts';
import { OPERATOR, type Origin, type UserActor, type Visitor } from '../../src/application/actor.ts';
import type { RegisterInput } from '../../src/application/authentication/register.ts';
import type { TokenPair } from '../../src/application/authentication/token-pairs.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import { defaultPolicy, type Policy } from '../../src/application/policy.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import type { AuditAction, AuditEntry } from '../../src/ports/audit-trail.ts';
import type { MailMessage } from '../../src/ports/notifier.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { anEmail } from './builders.ts';
import { SettableClock } from './clock.ts';
import { relayAll } from './relay-all.ts';

export const PASSWORD = 'orbit violin staple 42';
export const OTHER_PASSWORD = 'harbour lantern mosaic 7';
export const OWNER_EMAIL = 'owner@example.test';

type MemoryPorts = ReturnType<typeof memoryPorts>;
type MailOf<Kind extends MailMessage['kind']> = Extract<MailMessage, { readonly kind: Kind }>;

/** An installed platform in memory, with the time and the relay in the test's hands. */
export interface TestIam {
  readonly iam: Iam;
  readonly ports: Ports & Pick<MemoryPorts, 'store' | 'outboxFeed' | 'notifier'>;
  readonly store: MemoryStore;
  readonly clock: SettableClock;
  readonly platform: ProjectState;
  /** Does what follows from every event so far. */
  relay(): Promise<void>;
  /** After the relay: every mail of the kind to the address, oldest first. */
  mailsTo<Kind extends MailMessage['kind']>(to: string, kind: Kind): Promise<readonly MailOf<Kind>[]>;
  /** After the relay: the latest of them. */
  mailTo<Kind extends MailMessage['kind']>(to: string, kind: Kind): Promise<MailOf<Kind>>;
  /** Every committed record of the action about the person. */
  audited(action: AuditAction, about: Partial<AuditEntry>): readonly AuditEntry[];
}

/** `decorate`: what stands before the memory adapters. `policy`: what differs from the usual. `masterKey`: no other. */
export async function anIam(
  decorate: (ports: MemoryPorts) => Partial<Ports> = () => ({}),
  policy: Partial<Policy> = {},
  masterKey: Uint8Array = randomBytes(32),
): Promise<TestIam> {
  const clock = new SettableClock();
  const memory = memoryPorts({ clock, masterKey });
  const { store, outboxFeed, notifier } = memory;
  const ports = { ...memory, ...decorate(memory), notifier };
  const iam = createIam(ports, { ...defaultPolicy, ...policy });
  const owner = { email: OWNER_EMAIL, password: PASSWORD };
  const { project: platform } = await iam.projects.installPlatform.execute(OPERATOR, owner);
  const relay = () => relayAll(iam, outboxFeed, clock);
  const mailsTo: TestIam['mailsTo'] = async <Kind extends MailMessage['kind']>(to: string, kind: Kind) => {
    await relay();
    return notifier.messages.filter((mail) => mail.to === to).flatMap(({ message }) => ofKind(message, kind));
  };
  return {
    iam,
    ports,
    store,
    clock,
    platform,
    relay,
    mailsTo,
    mailTo: async (to, kind) => {
      const mail = (await mailsTo(to, kind)).at(-1);
      if (mail === undefined) throw new Error(`no ${kind} to ${to}`);
      return mail;
    },
    audited: (action, about) =>
      store
        .auditRecords()
        .filter((record) => record.action === action)
        .filter((record) => Object.entries(about).every(([key, value]) => record[key as keyof AuditEntry] === value)),
  };
}

/** A project of its own, with keys that are quickly made. */
export function aProjectOf({ iam }: TestIam, settings: ProjectSettingsPatch = {}): Promise<ProjectState> {
  return iam.projects.createProject.execute(OPERATOR, {
    name: 'Observatory',
    settings: { signingAlgorithm: 'ES256', emailVerificationRequired: false, ...settings },
  });
}

/** From a network of its own. */
export function from(address: string): Origin {
  return { address, network: address, userAgent: 'test' };
}

export function at(project: Pick<ProjectState, 'id'>, dialect: Dialect, origin: Origin = from('192.0.2.1')): Visitor {
  return { projectId: project.id, dialect, origin };
}

export interface RegisteredUser {
  readonly email: string;
  readonly password: string;
  readonly visitor: Visitor;
  readonly registered: Awaited<ReturnType<Iam['authentication']['register']['execute']>>;
}

export async function aRegisteredUser(
  { iam }: TestIam,
  visitor: Visitor,
  given: Partial<RegisterInput> = {},
): Promise<RegisteredUser> {
  const input = { email: anEmail(), password: PASSWORD, ...given };
  const registered = await iam.authentication.register.execute(visitor, input);
  return { email: input.email, password: input.password, visitor, registered };
}

export interface LoggedInUser extends RegisteredUser {
  readonly tokens: TokenPair;
  readonly actor: UserActor;
}

/** Registered and then signed in, with a tenant to land in. */
export async function aLoggedInUser(
  test: TestIam,
  visitor: Visitor,
  given: Partial<RegisterInput> = {},
): Promise<LoggedInUser> {
  const user = await aRegisteredUser(test, visitor, given);
  const { tokens, actor } = await signIn(test, visitor, user);
  return { ...user, tokens, actor };
}

/** Another session. */
export async function signIn(
  test: TestIam,
  visitor: Visitor,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<{ readonly tokens: TokenPair; readonly actor: UserActor }> {
  const outcome = await test.iam.authentication.login.execute(visitor, { email, password });
  if (outcome.kind !== 'signed-in') throw new Error('several tenants');
  return { tokens: outcome.tokens, actor: await actorOf(test, visitor, outcome.tokens.accessToken) };
}

export function actorOf({ iam }: Pick<TestIam, 'iam'>, visitor: Visitor, token: string): Promise<UserActor> {
  return iam.authentication.authenticate.execute({ token, dialect: visitor.dialect, origin: visitor.origin });
}

/** Whoever owns the platform, signed in a moment ago. */
export async function thePlatformOwner(test: TestIam): Promise<UserActor> {
  const visitor = at(test.platform, 'v1', from('198.51.100.1'));
  return (await signIn(test, visitor, { email: OWNER_EMAIL, password: PASSWORD })).actor;
}

function ofKind<Kind extends MailMessage['kind']>(message: MailMessage, kind: Kind): MailOf<Kind>[] {
  return message.kind === kind ? [message as MailOf<Kind>] : [];
}
