import type { AuditFault, ChainFault, ChainName } from '../../domain/audit/audit-fault.ts';
import type { AuditLine } from '../../domain/audit/audit-lines.ts';
import { ChainVerifier, type VerifiedChain } from '../../domain/audit/chain-verifier.ts';
import { parseAuditLine } from '../../domain/audit/parse-audit-line.ts';
import type { CheckpointReader } from '../../ports/audit-checkpoints.ts';
import type { ContentDigest } from '../../ports/content-digest.ts';
import { hashIfAny } from './hash-if-any.ts';

export interface AuditVerdict {
  readonly chains: readonly (VerifiedChain & ChainName)[];
  /** None: every record is what the service wrote, and none is missing or added. */
  readonly faults: readonly AuditFault[];
}

/** Parsed JSON. */
type Values = AsyncIterable<unknown> | Iterable<unknown>;

interface VerifyAuditMeans {
  readonly contentDigest: ContentDigest;
  /** Knows the project's public keys. */
  readonly checkpointReader: CheckpointReader;
}

/**
 * Verifies an exported trail, the values of its lines in their order, without asking anybody. `earlier` are
 * checkpoints that were kept elsewhere, as lines: without one, whoever could rewrite the whole chain before it was
 * exported is not found out.
 */
export async function verifyAudit(
  lines: Values,
  { contentDigest, checkpointReader }: VerifyAuditMeans,
  earlier: Values = [],
): Promise<AuditVerdict> {
  const faults: AuditFault[] = [];
  const chains = new Map<string, ChainName & { readonly verifier: ChainVerifier }>();

  function chainOf({ projectId, tenantId }: ChainName): ChainVerifier {
    const key = JSON.stringify([projectId, tenantId]);
    const known = chains.get(key);
    if (known !== undefined) return known.verifier;
    const tell = (fault: ChainFault) => void faults.push({ ...fault, projectId, tenantId });
    const verifier = new ChainVerifier((value) => hashIfAny(contentDigest, value), tell);
    chains.set(key, { projectId, tenantId, verifier });
    return verifier;
  }

  async function take(line: AuditLine, number: number, source: 'export' | 'earlier'): Promise<void> {
    if (line.type === 'seal') {
      chainOf(line).seal(line);
    } else if (line.type === 'record') {
      chainOf(line).record(line);
    } else {
      const checkpoint = await checkpointReader.read(line.jws);
      if (checkpoint === undefined) faults.push({ kind: 'checkpoint-forged', source, line: number });
      else chainOf(checkpoint)[line.type](checkpoint);
    }
  }

  for await (const [number, line] of numbered(earlier)) {
    if (line?.type === 'checkpoint') await take(line, number, 'earlier');
  }
  for await (const [number, line] of numbered(lines)) {
    if (line === undefined) faults.push({ kind: 'unreadable', line: number });
    else await take(line, number, 'export');
  }
  const verified = [...chains.values()].map(({ verifier, ...chain }) => ({ ...chain, ...verifier.end() }));
  return { chains: verified, faults };
}

async function* numbered(values: Values): AsyncGenerator<readonly [number: number, line: AuditLine | undefined]> {
  let number = 0;
  for await (const value of values) {
    number += 1;
    yield [number, parseAuditLine(value)];
  }
}
