import { ContainerModule } from 'inversify';
import { createIam } from '../../application/iam.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { HttpKey } from '../http/environment.ts';
import { StandardWebhookSender } from '../outbound/standard-webhook-sender.ts';
import { AuditSealer } from '../relay/audit-sealer.ts';
import { EventPublisher } from '../relay/event-publisher.ts';
import { Housekeeper, type HousekeeperParts } from '../relay/housekeeper.ts';
import { KeyRotor } from '../relay/key-rotor.ts';
import { OutboxRelay } from '../relay/outbox-relay.ts';
import type { Report } from '../relay/report.ts';
import { WebhookDeliverer } from '../relay/webhook-deliverer.ts';
import { cryptoPorts, hashGate } from './crypto-ports.ts';
import { Draining } from './draining.ts';
import { policyOf } from './policy.ts';
import { readinessOf } from './readiness.ts';
import { TOKENS } from './tokens.ts';
import { watchedReaction } from './watched-reaction.ts';

export const serviceModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.draining).toResolvedValue(() => new Draining(), []);
  bind(TOKENS.hashGate).toResolvedValue(({ hash }) => hashGate(hash), [TOKENS.config]);
  bind(TOKENS.cryptoPorts).toResolvedValue(
    ({ hash, publicUrl }, gate, keyRing, { signingKeyDirectory }, clock) => {
      const parameters = { memoryCost: hash.memoryKib, timeCost: hash.iterations, parallelism: 1 };
      return cryptoPorts({ keyRing, hash: { ...hash, parameters }, gate, signingKeyDirectory, publicUrl, clock });
    },
    [TOKENS.config, TOKENS.hashGate, TOKENS.keyRing, TOKENS.persistence, TOKENS.clock],
  );
  bind(TOKENS.ports).toResolvedValue(
    (
      persistence,
      clock,
      idGenerator,
      domainNames,
      cache,
      { notifier },
      crypto,
      providerAdapters,
      observer,
      config,
    ) => ({
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
      observer,
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
      TOKENS.observer,
      TOKENS.config,
    ],
  );
  bind(TOKENS.iam).toResolvedValue(
    (ports, config) => createIam(ports, policyOf(config)),
    [TOKENS.ports, TOKENS.config],
  );
  bind(TOKENS.readiness).toResolvedValue(
    (persistence, cache) => readinessOf([persistence.readiness, cache.readiness]),
    [TOKENS.persistence, TOKENS.cache],
  );
  bind(TOKENS.http).toResolvedValue(
    (
      iam,
      { rateLimiter },
      { idempotencyStore },
      readiness,
      clock,
      logger,
      config,
      keyRing,
      { mailbox },
      draining,
      metrics,
      { tracing, logContext },
    ) => ({
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
      httpKey: httpKeyOf(keyRing),
      mailbox,
      draining: () => draining.begun,
      metrics,
      metricsToken: config.metricsToken,
      tracing,
      inLog: (fields, work) => logContext.run(fields, work),
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
      TOKENS.metrics,
      TOKENS.watching,
    ],
  );
  bind(TOKENS.report).toResolvedValue(
    (logger): Report =>
      ({ what, error, projectId, message, delivery }) =>
        logger.error(
          {
            what,
            err: error,
            projectId,
            messageId: message?.id,
            event: message?.type,
            webhookId: delivery?.webhookId,
            eventId: delivery?.eventId,
            attempts: message?.attempts ?? delivery?.attempt,
          },
          'background work failed; it is tried again',
        ),
    [TOKENS.logger],
  );
  bind(TOKENS.relay).toResolvedValue(
    ({ outboxFeed: feed }, iam, clock, report, watching) =>
      new OutboxRelay({ feed, react: watchedReaction(iam, watching), clock, report }),
    [TOKENS.persistence, TOKENS.iam, TOKENS.clock, TOKENS.report, TOKENS.watching],
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
  bind(TOKENS.keyRotor).toResolvedValue(
    ({ projects }, report) =>
      new KeyRotor({ rotate: (limit, goesOn) => projects.rotateDueSigningKeys.execute(limit, goesOn), report }),
    [TOKENS.iam, TOKENS.report],
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

function httpKeyOf(keyRing: KeyRing): HttpKey {
  const [present, ...others] = keyRing.keys('http');
  return [present.key.export(), ...others.map(({ key }) => key.export())];
}
