import type { ServiceIdentifier } from 'inversify';
import type { Logger } from 'pino';
import type { Iam } from '../../application/iam.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DomainNames } from '../../ports/domain-names.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { PasswordHasher } from '../../ports/password-hasher.ts';
import type { PasswordLists } from '../../ports/password-lists.ts';
import type { Ports } from '../../ports/ports.ts';
import type { RateLimiter } from '../../ports/rate-limiter.ts';
import type { RecoveryCodeIssuer } from '../../ports/recovery-code-issuer.ts';
import type { RefreshTokenCodec } from '../../ports/refresh-token-codec.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import type { SecretIssuer } from '../../ports/secret-issuer.ts';
import type { SessionWatch } from '../../ports/session-watch.ts';
import type { SigningKeyFactory } from '../../ports/signing-key-factory.ts';
import type { TokenSigner } from '../../ports/token-signer.ts';
import type { Config } from '../config/config.ts';
import type { HashGate } from '../crypto/hash-gate.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { HttpDependencies } from '../http/environment.ts';
import type { PersistencePorts } from '../persistence/index.ts';
import type { Housekeeper } from '../relay/housekeeper.ts';
import type { OutboxRelay } from '../relay/outbox-relay.ts';
import type { Report } from '../relay/report.ts';
import type { Draining } from './draining.ts';
import type { OutgoingMail } from './mail.ts';

/** Those of the domain's ports that are cryptography. */
export type CryptoPorts = Pick<
  Ports,
  | 'passwordHasher'
  | 'passwordLists'
  | 'recoveryCodeIssuer'
  | 'refreshTokenCodec'
  | 'secretIssuer'
  | 'signingKeyFactory'
  | 'tokenSigner'
>;

const token = <T>(name: string) => Symbol.for(`castellan/${name}`) as ServiceIdentifier<T>;

export const TOKENS = {
  config: token<Config>('config'),
  logger: token<Logger>('logger'),
  keyRing: token<KeyRing>('key-ring'),
  persistence: token<PersistencePorts>('persistence'),
  clock: token<Clock>('clock'),
  idGenerator: token<IdGenerator>('id-generator'),
  domainNames: token<DomainNames>('domain-names'),
  rateLimiter: token<RateLimiter>('rate-limiter'),
  sessionWatch: token<SessionWatch>('session-watch'),
  hashGate: token<HashGate>('hash-gate'),
  passwordHasher: token<PasswordHasher>('password-hasher'),
  passwordLists: token<PasswordLists>('password-lists'),
  recoveryCodeIssuer: token<RecoveryCodeIssuer>('recovery-code-issuer'),
  refreshTokenCodec: token<RefreshTokenCodec>('refresh-token-codec'),
  secretIssuer: token<SecretIssuer>('secret-issuer'),
  secretBox: token<SecretBox>('secret-box'),
  signingKeyFactory: token<SigningKeyFactory>('signing-key-factory'),
  tokenSigner: token<TokenSigner>('token-signer'),
  cryptoPorts: token<CryptoPorts>('crypto-ports'),
  mail: token<OutgoingMail>('mail'),
  ports: token<Ports>('ports'),
  iam: token<Iam>('iam'),
  draining: token<Draining>('draining'),
  http: token<HttpDependencies>('http'),
  relay: token<OutboxRelay>('relay'),
  report: token<Report>('report'),
  housekeeper: token<Housekeeper>('housekeeper'),
} as const;
