import { ContainerModule } from 'inversify';
import { createIam } from '../../application/iam.ts';
import type { Readiness } from '../../ports/readiness.ts';
import { StandardWebhookSender } from '../outbound/standard-webhook-sender.ts';
import { AuditSealer } from '../relay/audit-sealer.ts';
import { EventPublisher } from '../relay/event-publisher.ts';
import { Housekeeper, type HousekeeperParts } from '../relay/housekeeper.ts';
import { OutboxRelay } from '../relay/outbox-relay.ts';
import type { Report } from '../relay/report.ts';
import { WebhookDeliverer } from '../relay/webhook-deliverer.ts';
import { cryptoPorts } from './crypto-ports.ts';
import { Draining } from './draining.ts';
import { policyOf } from './policy.ts';
import { TOKENS } from './tokens.ts';

export const serviceModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.draining).toResolvedValue(() => new Draining(), []);
  bind(TOKENS.cryptoPorts).toResolvedValue(
    ({ hash, publicUrl }, keyRing, { signingKeyDirectory }, clock) => {
      const parameters = { memoryCost: hash.memoryKib, timeCost: hash.iterations, parallelism: 1 };
      return cryptoPorts({ keyRing, hash: { ...hash, parameters }, signingKeyDirectory, publicUrl, clock });
    },
    [TOKENS.config, TOKENS.keyRing, TOKENS.persistence, TOKENS.clock],
  );
  bind(TOKENS.ports).toResolvedValue(
    (persistence, clock, idGenerator, domainNames, cache, { notifier }, crypto, providerAdapters, config) => ({
      ...persistence,
      ...crypto,
      clock,
      idGenerator,
      domainNames,
      rateLimiter: cache.rateLimiter,
      permissionCache: cache.permissionCache,
      sessionWatch: cache.sessionWatch,
      notifier,
      providerAdapters,
      webhookSender: new StandardWebhookSender({ allowPrivate: config.allowPrivateWebhooks, clock }),
    }),
    [
      TOKENS.persistence,
      TOKENS.clock,
      TOKENS.idGenerator,
      TOKENS.domainNames,
      TOKENS.cache,
      TOKENS.mail,
      TOKENS.cryptoPorts,
      TOKENS.providerAdapters,
      TOKENS.config,
    ],
  );
  bind(TOKENS.iam).toResolvedValue(
    (ports, config) => createIam(ports, policyOf(config)),
    [TOKENS.ports, TOKENS.config],
  );
  bind(TOKENS.readiness).toResolvedValue(
    (persistence, cache): Readiness => ({
      async check() {
        const [database, shared] = await Promise.all([persistence.readiness.check(), cache.readiness.check()]);
        return { ...database, ...shared };
      },
    }),
    [TOKENS.persistence, TOKENS.cache],
  );
  bind(TOKENS.http).toResolvedValue(
    (iam, { rateLimiter }, { idempotencyStore }, readiness, clock, logger, config, keyRing, { mailbox }, draining) => ({
      iam,
      rateLimiter,
      idempotencyStore,
      readiness,
      clock,
      logger,
      publicUrl: config.publicUrl,
      trustedProxies: config.trustedProxies,
      corsOrigins: config.corsOrigins,
      allowedReturnUrls: config.allowedReturnUrls,
      httpKey: keyRing.keys('http')[0].key.export(),
      mailbox,
      draining: () => draining.begun,
    }),
    [
      TOKENS.iam,
      TOKENS.cache,
      TOKENS.persistence,
      TOKENS.readiness,
      TOKENS.clock,
      TOKENS.logger,
      TOKENS.config,
      TOKENS.keyRing,
      TOKENS.mail,
      TOKENS.draining,
    ],
  );
  bind(TOKENS.report).toResolvedValue(
    (logger): Report =>
      ({ what, error, message, delivery }) =>
        logger.error({ what, err: error, message, delivery }, 'background work failed; it is tried again'),
    [TOKENS.logger],
  );
  bind(TOKENS.relay).toResolvedValue(
    ({ outboxFeed: feed }, iam, clock, report) =>
      new OutboxRelay({ feed, react: (message) => iam.reactions.react.execute(message), clock, report }),
    [TOKENS.persistence, TOKENS.iam, TOKENS.clock, TOKENS.report],
  );
  bind(TOKENS.housekeeper).toResolvedValue(
    ({ housekeeping }, { audit, webhooks }, clock, report) => {
      const sweep: HousekeeperParts['housekeeping']['sweep'] = async (now, limit) => {
        await audit.closeImpersonations.execute();
        return (
          (await housekeeping.sweep(now, limit)) ||
          (await webhooks.forgetEvents.execute(limit)) ||
          audit.forgetAuditRecords.execute(limit)
        );
      };
      return new Housekeeper({ housekeeping: { sweep }, clock, report });
    },
    [TOKENS.persistence, TOKENS.iam, TOKENS.clock, TOKENS.report],
  );
  bind(TOKENS.auditSealer).toResolvedValue(
    ({ audit }, report) => new AuditSealer({ seal: (limit) => audit.sealAuditRecords.execute(limit), report }),
    [TOKENS.iam, TOKENS.report],
  );
  bind(TOKENS.webhookDeliverer).toResolvedValue(
    ({ webhooks }, report) =>
      new WebhookDeliverer({
        claim: (limit) => webhooks.claimDeliveries.execute(limit),
        deliver: (claimed) => webhooks.deliverWebhook.execute(claimed),
        report,
      }),
    [TOKENS.iam, TOKENS.report],
  );
  bind(TOKENS.eventPublisher).toResolvedValue(
    ({ eventLog }, { webhooks }, deliverer, report) =>
      new EventPublisher({
        onAdded: (listener) => eventLog.onAdded(listener),
        publish: (limit) => webhooks.publishEvents.execute(limit),
        onPublished: () => deliverer.nudge(),
        report,
      }),
    [TOKENS.persistence, TOKENS.iam, TOKENS.webhookDeliverer, TOKENS.report],
  );
});
