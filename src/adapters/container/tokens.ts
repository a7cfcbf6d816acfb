import type { ServiceIdentifier } from 'inversify';
import type { Iam } from '../../application/iam.ts';
import type { ProviderAdapters } from '../../ports/auth-provider.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DomainNames } from '../../ports/domain-names.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Observer } from '../../ports/observer.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Readiness } from '../../ports/readiness.ts';
import type { Config } from '../config/config.ts';
import type { HashGate } from '../crypto/hash-gate.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { HttpDependencies } from '../http/environment.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { PersistencePorts, PostgresConnection } from '../persistence/index.ts';
import type { AuditSealer } from '../relay/audit-sealer.ts';
import type { EventPublisher } from '../relay/event-publisher.ts';
import type { Housekeeper } from '../relay/housekeeper.ts';
import type { KeyRotor } from '../relay/key-rotor.ts';
import type { OutboxRelay } from '../relay/outbox-relay.ts';
import type { Report } from '../relay/report.ts';
import type { WebhookDeliverer } from '../relay/webhook-deliverer.ts';
import type { Cache } from './cache.ts';
import type { CryptoPorts } from './crypto-ports.ts';
import type { Draining } from './draining.ts';
import type { Log } from './logger.ts';
import type { OutgoingMail } from './mail.ts';
import type { Watching } from './watching.ts';

const token = <T>(name: string) => Symbol.for(`castellan/${name}`) as ServiceIdentifier<T>;

export const TOKENS = {
  config: token<Config>('config'),
  logger: token<Log>('logger'),
  keyRing: token<KeyRing>('key-ring'),
  connection: token<PostgresConnection>('connection'),
  persistence: token<PersistencePorts>('persistence'),
  clock: token<Clock>('clock'),
  idGenerator: token<IdGenerator>('id-generator'),
  domainNames: token<DomainNames>('domain-names'),
  cache: token<Cache>('cache'),
  readiness: token<Readiness>('readiness'),
  hashGate: token<HashGate>('hash-gate'),
  cryptoPorts: token<CryptoPorts>('crypto-ports'),
  providerAdapters: token<ProviderAdapters>('provider-adapters'),
  mail: token<OutgoingMail>('mail'),
  ports: token<Ports>('ports'),
  iam: token<Iam>('iam'),
  watching: token<Watching>('watching'),
  metrics: token<Metrics>('metrics'),
  observer: token<Observer>('observer'),
  draining: token<Draining>('draining'),
  http: token<HttpDependencies>('http'),
  relay: token<OutboxRelay>('relay'),
  report: token<Report>('report'),
  housekeeper: token<Housekeeper>('housekeeper'),
  keyRotor: token<KeyRotor>('key-rotor'),
  auditSealer: token<AuditSealer>('audit-sealer'),
  eventPublisher: token<EventPublisher>('event-publisher'),
  webhookDeliverer: token<WebhookDeliverer>('webhook-deliverer'),
} as const;
