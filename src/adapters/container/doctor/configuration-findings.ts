import type { Config } from '../../config/config.ts';
import { isLoopbackHost } from '../../config/loopback.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

type Settings = Pick<Config, 'publicUrl' | 'trustedProxies' | 'database'>;

/** What can be seen from the environment alone. */
export function configurationFindings(config: Settings): readonly Finding[] {
  const { database } = config;
  const right = ok('configuration', 'The environment is complete, and does not contradict itself.');
  const keeps =
    database.kind === 'postgres'
      ? right
      : warn(
          'configuration',
          `The database is embedded, in ${database.dataDir}: for evaluation, by one process.`,
          'For keeps, set DATABASE_URL.',
        );
  return [keeps, publicUrlFinding(config), proxyFinding(config)];
}

/** What every address means that is listened on. */
const UNSPECIFIED = new Set(['0.0.0.0', '[::]']);

function publicUrlFinding({ publicUrl }: Settings): Finding {
  const { protocol, hostname } = new URL(publicUrl);
  if (UNSPECIFIED.has(hostname)) {
    return fail(
      'public-url',
      `${publicUrl} is nowhere that anybody could go: links in mails and issuers of tokens begin with it.`,
      'Set PUBLIC_URL to the address that people use.',
    );
  }
  if (protocol === 'http:' && !isLoopbackHost(hostname)) {
    return warn(
      'public-url',
      `${publicUrl} is not https: passwords and tokens are sent for everybody on the way to read.`,
      'Put something that speaks TLS before the service, and set PUBLIC_URL to its https address.',
    );
  }
  return ok('public-url', `People reach the service at ${publicUrl}.`);
}

function proxyFinding({ publicUrl, trustedProxies }: Settings): Finding {
  if (trustedProxies.some((range) => range.endsWith('/0'))) {
    return fail(
      'proxies',
      'TRUSTED_PROXIES trusts every address: whoever likes gives themselves another one, and passes every limit.',
      'Name the addresses of your proxies alone.',
    );
  }
  if (trustedProxies.length > 0) return ok('proxies', `X-Forwarded-For counts from ${trustedProxies.join(', ')}.`);
  if (publicUrl.startsWith('https:')) {
    return warn(
      'proxies',
      'PUBLIC_URL is https, so something stands before the service, and TRUSTED_PROXIES does not name it: all clients share its address, and its limits.',
      'Set TRUSTED_PROXIES to its address.',
    );
  }
  return ok('proxies', 'Clients are taken for what their connections say: there is no proxy.');
}
