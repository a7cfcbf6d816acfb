import type { Origin } from '../../../application/actor.ts';
import { IamError } from '../../../domain/errors.ts';
import type { FirewallRule, ProjectSettings } from '../../../domain/project/project-settings.ts';
import { type IpRange, isInRange, parseIpAddress, parseIpRange } from './ip-address.ts';

type NetworkRules = Pick<ProjectSettings, 'ipRules' | 'firewallRules'>;

/**
 * The IP and firewall rules of a project, on both dialects. `deny` wins; a non-empty `allow` admits nothing else. A
 * client whose address is not known passes no list.
 * @throws IamError `forbidden`
 */
export function assertAdmitted(settings: NetworkRules, origin: Origin, path: string): void {
  if (!isAddressAdmitted(settings.ipRules, origin.address) || isDenied(settings.firewallRules, origin, path)) {
    throw new IamError('forbidden', {});
  }
}

function isAddressAdmitted(rules: ProjectSettings['ipRules'], raw: string | null): boolean {
  if (rules.allow.length === 0 && rules.deny.length === 0) return true;
  const address = raw === null ? undefined : parseIpAddress(raw);
  if (address === undefined) return false;
  if (isInRange(address, rangesOf(rules.deny))) return false;
  return rules.allow.length === 0 || isInRange(address, rangesOf(rules.allow));
}

const parsedRanges = new WeakMap<readonly string[], readonly IpRange[]>();

/** Settings are replaced, never edited: a list is parsed once. */
function rangesOf(list: readonly string[]): readonly IpRange[] {
  let ranges = parsedRanges.get(list);
  if (ranges === undefined) {
    ranges = list.flatMap((cidr) => parseIpRange(cidr) ?? []);
    parsedRanges.set(list, ranges);
  }
  return ranges;
}

function isDenied(rules: readonly FirewallRule[], origin: Origin, rawPath: string): boolean {
  if (rules.length === 0) return false;
  const path = normalisedPath(rawPath);
  const userAgent = origin.userAgent?.toLowerCase() ?? '';
  return rules.some(
    (rule) =>
      (rule.path !== undefined || rule.userAgent !== undefined) &&
      (rule.path === undefined || path.startsWith(normalisedPath(rule.path))) &&
      (rule.userAgent === undefined || userAgent.includes(rule.userAgent.toLowerCase())),
  );
}

/**
 * One spelling for every path that leads to the same route: percent-decoded once, without dot segments and empty
 * segments, in lower case (ids are read in any), `/v1` as `/api/v1`. A slash at the end stays.
 */
export function normalisedPath(raw: string): string {
  const segments: string[] = [];
  for (const segment of percentDecoded(raw).toLowerCase().split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  if (segments[0] === 'v1') segments.unshift('api');
  const path = `/${segments.join('/')}`;
  return raw.endsWith('/') && path !== '/' ? `${path}/` : path;
}

function percentDecoded(raw: string): string {
  return raw.replace(/(?:%[\da-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
