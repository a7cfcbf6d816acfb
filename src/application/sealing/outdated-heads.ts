import { headText } from '../../domain/audit/attestation.ts';
import type { AuditChain } from '../../domain/audit/audit-chain.ts';
import type { StandingChain } from '../../ports/audit-archive.ts';
import type { Ports } from '../../ports/ports.ts';

/** A head that only the master key before attests, and what the present one says of it. */
export type OutdatedHead = StandingChain & { readonly attestation: string };

const PAGE = 200;

/** Page by page, of all chains: what somebody else wrote is nobody's to attest. */
export async function* outdatedHeads({
  auditArchive,
  attester,
}: Pick<Ports, 'auditArchive' | 'attester'>): AsyncGenerator<readonly OutdatedHead[]> {
  let after: AuditChain | undefined;
  do {
    const page = await auditArchive.heads(after, PAGE);
    yield page.flatMap((standing) => {
      const text = headText(standing.chain, standing.head);
      const [was, is] = [standing.head.attestation, attester.attest(text)];
      return was !== null && was !== is && attester.attests(text, was) ? [{ ...standing, attestation: is }] : [];
    });
    after = page.at(-1)?.chain;
  } while (after !== undefined);
}
