import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';
import { type Service, startService } from '../../src/adapters/container/service.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { GENEROUS } from '../http/gate-world.ts';
import { anAddress } from '../http/v1-people.ts';
import { migratedTemplate } from '../persistence/template.ts';
import { OWNER_EMAIL, PASSWORD } from '../support/an-iam.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { secondsAfter } from '../support/clock.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { describeWithRedis, sharedRedis } from '../support/redis-servers.ts';
import { aContainer } from './containers.ts';

/** What stands before both. */
const PUBLIC_URL = 'http://localhost:8080';

const aKey = () => randomBytes(32).toString('base64');

/** A replica behind the balancer, while it is there. */
interface Replica {
  readonly url: string;
  /** Requests that are on their way. */
  readonly pending: Set<Promise<unknown>>;
  readonly service: Service;
}

interface Call {
  readonly body?: object;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whether it is what was expected; anything else is on record. */
interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the body
  readonly body: any;
}

describeWithPostgres('two replicas whose master key is exchanged', () => {
  describeWithRedis('one after the other, in three rounds', () => {
    let shared: NodeJS.ProcessEnv;
    let project: ProjectState;
    let apiKey: string;
    let replicas: (Replica | undefined)[];
    let failures: unknown[];
    let answered: number;
    beforeEach(async () => {
      const { url: DATABASE_URL } = await freshDatabase(migratedTemplate);
      const owner = { PLATFORM_OWNER_EMAIL: OWNER_EMAIL, PLATFORM_OWNER_PASSWORD: PASSWORD };
      shared = {
        DATABASE_URL,
        REDIS_URL: sharedRedis(),
        PUBLIC_URL,
        LOG_LEVEL: 'silent',
        DRAIN_SECONDS: '0',
        ...owner,
      };
      [replicas, failures, answered] = [[], [], 0];
    });
    afterEach(() => Promise.all(replicas.map((replica) => replica?.service.stop(0))));

    async function start(keys: NodeJS.ProcessEnv): Promise<Replica> {
      const port = await freePort();
      const config = readConfig(false, { ...shared, ...keys, PORT: String(port) });
      return {
        url: `http://127.0.0.1:${port}`,
        pending: new Set(),
        service: await startService(config, false, () => {}),
      };
    }

    /** Each is taken out of the balancer, answers what is on its way, is stopped, started with other keys and put back. */
    async function exchange(keys: NodeJS.ProcessEnv): Promise<void> {
      for (const [index, replica] of replicas.entries()) {
        replicas[index] = undefined;
        await Promise.all(replica?.pending ?? []);
        await replica?.service.stop(0);
        replicas[index] = await start(keys);
        // Those that are exchanged and those that are not yet work side by side for a while.
        const before = answered;
        await vi.waitFor(() => expect(answered).toBeGreaterThan(before + 40), { timeout: 20_000, interval: 20 });
      }
    }

    let turn = 0;
    /** To one replica and the other, in turn. */
    async function call(
      expected: number,
      method: string,
      path: string,
      { body, token, headers }: Call = {},
    ): Promise<Answer> {
      const live = replicas.flatMap((replica) => replica ?? []);
      turn += 1;
      const replica = live[turn % live.length];
      const request = {
        method,
        ...(body && { body: JSON.stringify(body) }),
        headers: {
          ...(body && { 'Content-Type': 'application/json' }),
          ...(token && { Authorization: `Bearer ${token}` }),
          ...headers,
        },
      };
      const asked = fetch(`${replica?.url}/api/v1${path}`, request)
        .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
        .catch((error: unknown) => ({ status: 0, text: String(error) }));
      replica?.pending.add(asked);
      const { status, text } = await asked;
      replica?.pending.delete(asked);
      answered += 1;
      if (status !== expected) failures.push({ method, path, status, text });
      return { status, body: text.startsWith('{') ? JSON.parse(text) : undefined };
    }
    const gate = (expected: number, method: string, path: string, more: Call = {}) => {
      const [surface, ...operation] = path.split('/');
      const headers = {
        'X-API-Key': apiKey,
        'X-Client-Address': `10.${turn >> 16}.${(turn >> 8) & 255}.${turn & 255}`,
      };
      return call(expected, method, `/${surface}/${project.id}/auth/${operation.join('/')}`, { ...more, headers });
    };

    const aPerson = async () => {
      const credentials = { email: anAddress(), password: PASSWORD };
      await gate(201, 'POST', 'gate/register', { body: credentials });
      const { body } = await gate(200, 'POST', 'gate/login', { body: credentials });
      return { ...credentials, token: body.access_token as string, refreshToken: body.refresh_token as string };
    };

    /** Refreshes again and again, and is whoever they are everywhere. */
    async function goAbout(person: Awaited<ReturnType<typeof aPerson>>): Promise<void> {
      const { body } = await gate(200, 'POST', 'pub/refresh', { body: { refresh_token: person.refreshToken } });
      Object.assign(person, { token: body?.access_token, refreshToken: body?.refresh_token });
      for (const _ of replicas) {
        await gate(200, 'GET', 'pub/me', { token: person.token });
        await gate(200, 'POST', 'pub/verify', { token: person.token });
      }
    }

    /** With an authenticator app; every code is of a later time step than the one before. */
    async function aProtectedPerson() {
      const person = await aPerson();
      const { body } = await gate(200, 'POST', 'pub/totp/setup', { token: person.token, body: { password: PASSWORD } });
      let step = -1;
      const nextCode = () => {
        step += 1;
        return codeAt(body.secret, secondsAfter(new Date(), (step - 1) * 30));
      };
      await gate(204, 'POST', 'pub/totp/verify-setup', { token: person.token, body: { code: await nextCode() } });
      return {
        async signIn() {
          const first = await gate(200, 'POST', 'gate/login', { body: { email: person.email, password: PASSWORD } });
          const second = { login_ticket: first.body?.login_ticket, totp_code: await nextCode() };
          await gate(200, 'POST', 'gate/login/totp', { body: second });
        },
      };
    }

    /** Pages through projects one by one, each page from another replica, and says a creation twice. */
    async function administer(token: string, round: number): Promise<void> {
      let path: string | undefined = '/projects?limit=1';
      let pages = 0;
      while (path !== undefined) {
        const { body }: Answer = await call(200, 'GET', path, { token });
        pages += 1;
        const cursor = body?.pagination?.nextCursor;
        path = cursor ? `/projects?limit=1&cursor=${cursor}` : undefined;
      }
      if (pages !== 4) failures.push({ pages });
      const headers = { 'Idempotency-Key': `role-${round}` };
      const role = { body: { name: `Role ${round}`, permissions: [] }, token, headers };
      const [one, again] = [await call(201, 'POST', '/roles', role), await call(201, 'POST', '/roles', role)];
      if (again.body?.id !== one.body?.id) failures.push({ one, again });
    }

    it('answers every request as ever, and then needs the new key alone', { timeout: 120_000 }, async () => {
      const [OLD, YOUNG] = [aKey(), aKey()];
      replicas = [await start({ MASTER_KEY: OLD }), await start({ MASTER_KEY: OLD })];
      {
        await using operator = await aContainer({ ...shared, MASTER_KEY: OLD });
        const { projects } = operator.iam;
        for (const name of ['One', 'Two']) await projects.createProject.execute(OPERATOR, { name });
        const settings = { ...GENEROUS, emailVerificationRequired: false, signingAlgorithm: 'ES256' } as const;
        project = await projects.createProject.execute(OPERATOR, { name: 'Shop', settings });
        const platform = await projects.findProject.execute(undefined);
        await projects.updateProject.execute(OPERATOR, { id: platform.id, settings: GENEROUS });
        const key = { projectId: project.id, name: 'Shop', permissions: ['auth', 'client-address'] } as const;
        apiKey = (await projects.createApiKey.execute(OPERATOR, key)).key;
      }
      const people = [await aPerson(), await aPerson(), await aPerson()];
      const guarded = [
        await aProtectedPerson(),
        await aProtectedPerson(),
        await aProtectedPerson(),
        await aProtectedPerson(),
      ];
      const credentials = { email: OWNER_EMAIL, password: PASSWORD };
      const { body: owner } = await call(200, 'POST', '/auth/login', { body: credentials });

      let [busy, round] = [true, 0];
      const traffic = [
        ...people.map(async (person) => {
          while (busy) await goAbout(person);
        }),
        (async () => {
          while (busy) {
            round += 1;
            await administer(owner.accessToken, round);
          }
        })(),
      ];
      const signIn = (index: number) => guarded[index]?.signIn();
      await exchange({ MASTER_KEY: OLD, MASTER_KEY_NEXT: YOUNG });
      await Promise.all([exchange({ MASTER_KEY: YOUNG, MASTER_KEY_PREVIOUS: OLD }), signIn(0), signIn(1)]);
      {
        await using operator = await aContainer({ ...shared, MASTER_KEY: YOUNG, MASTER_KEY_PREVIOUS: OLD });
        const { sealing } = operator.iam;
        const [{ resealed }] = await Promise.all([sealing.resealSecrets.execute(), signIn(2), signIn(3)]);
        expect(resealed).toBeGreaterThanOrEqual(2 * 4 + guarded.length);
        await sealing.attestHeadsAnew.execute();
        expect(await sealing.readMasterKeyNeeds.execute()).toMatchObject({ sealed: 0, auditChains: 0, apiKeys: 0 });
      }
      await exchange({ MASTER_KEY: YOUNG });
      for (const each of guarded) await each.signIn();
      busy = false;
      await Promise.all(traffic);

      expect(failures).toEqual([]);
      expect(answered).toBeGreaterThan(300);
      expect(round).toBeGreaterThan(3);
    });
  });
});
