import type { ServiceIdentifier } from 'inversify';
import type { Logger } from 'pino';
import type { Iam } from '../../application/iam.ts';
import type { ProviderAdapters } from '../../ports/auth-provider.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DomainNames } from '../../ports/domain-names.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Readiness } from '../../ports/readiness.ts';
import type { Config } from '../config/config.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { HttpDependencies } from '../http/environment.ts';
import type { PersistencePorts } from '../persistence/index.ts';
import type { AuditSealer } from '../relay/audit-sealer.ts';
import type { EventPublisher } from '../relay/event-publisher.ts';
import type { Housekeeper } from '../relay/housekeeper.ts';
import type { OutboxRelay } from '../relay/outbox-relay.ts';
import type { Report } from '../relay/report.ts';
import type { WebhookDeliverer } from '../relay/webhook-deliverer.ts';
import type { Cache } from './cache.ts';
import type { CryptoPorts } from './crypto-ports.ts';
import type { Draining } from './draining.ts';
import type { OutgoingMail } from './mail.ts';

const token = <T>(name: string) => Symbol.for(`castellan/${name}`) as ServiceIdentifier<T>;

export const TOKENS = {
  config: token<Config>('config'),
  logger: token<Logger>('logger'),
  keyRing: token<KeyRing>('key-ring'),
  persistence: token<PersistencePorts>('persistence'),
  clock: token<Clock>('clock'),
  idGenerator: token<IdGenerator>('id-generator'),
  domainNames: token<DomainNames>('domain-names'),
  cache: token<Cache>('cache'),
  readiness: token<Readiness>('readiness'),
  cryptoPorts: token<CryptoPorts>('crypto-ports'),
  providerAdapters: token<ProviderAdapters>('provider-adapters'),
  mail: token<OutgoingMail>('mail'),
  ports: token<Ports>('ports'),
  iam: token<Iam>('iam'),
  draining: token<Draining>('draining'),
  http: token<HttpDependencies>('http'),
  relay: token<OutboxRelay>('relay'),
  report: token<Report>('report'),
  housekeeper: token<Housekeeper>('housekeeper'),
  auditSealer: token<AuditSealer>('audit-sealer'),
  eventPublisher: token<EventPublisher>('event-publisher'),
  webhookDeliverer: token<WebhookDeliverer>('webhook-deliverer'),
} as const;
