import type { AuditVerdict } from '../application/audit/verify-audit.ts';

type Fault = AuditVerdict['faults'][number];
type Chain = AuditVerdict['chains'][number];

/** A verdict for people to read. */
export function describeVerdict(
  { chains, faults }: AuditVerdict,
  { compared }: { readonly compared: boolean },
): readonly string[] {
  return [
    ...chains.flatMap(describeChain),
    ...faults.map((fault) => `FAULT  ${describeFault(fault)}`),
    ...(compared ? [] : ['Compared with no checkpoint kept elsewhere: a chain made anew as a whole would not show.']),
    conclusion(chains.length, faults.length),
  ];
}

function conclusion(chains: number, faults: number): string {
  if (faults > 0) return `${faults} fault${faults === 1 ? '' : 's'}: this is not the trail that the service wrote.`;
  return chains === 0 ? 'There is no chain in this file.' : 'Every record is what it was when the service wrote it.';
}

function describeChain({ projectId, tenantId, after, upTo, records, erased, uncovered }: Chain): readonly string[] {
  return [
    `${tenantId === null ? `project ${projectId}` : `tenant ${tenantId}`}: seals ${after + 1} to ${upTo}, ${records} records`,
    ...(after > 0 ? [`  begins after seal ${after}: what came before is older than records are kept`] : []),
    ...(erased.length > 0 ? [`  ${erased.length} of them with their personal detail erased`] : []),
    ...(uncovered.length > 0 ? [`  ${uncovered.length} more of seals before that: nothing vouches for them`] : []),
  ];
}

function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'record-edited':
      return `record ${fault.id} is not what it was under seal ${fault.seal}`;
    case 'record-removed':
      return `record ${fault.id} was under seal ${fault.seal} and is gone`;
    case 'record-inserted':
      return `record ${fault.id} says that it is under seal ${fault.seal}, and is not`;
    case 'record-foreign':
      return `record ${fault.id} under seal ${fault.seal} was not written by the service, or not like this`;
    case 'seal-edited':
      return `seal ${fault.seal} is not what its hash says`;
    case 'seal-foreign':
      return `seal ${fault.seal} was not made by the service`;
    case 'seals-removed':
      return `seals ${fault.seal} to ${fault.until} are missing`;
    case 'chain-broken':
      return `seal ${fault.seal} does not follow what comes before it`;
    case 'chain-rewritten':
      return `seal ${fault.seal} is not the one that a checkpoint was made of`;
    case 'end-removed':
      return `a checkpoint was made of seal ${fault.seal}, and it is not here`;
    case 'end-unsigned':
      return `no checkpoint says that the chain ends at seal ${fault.seal}: it went on, or the service did not make that one`;
    case 'checkpoint-forged':
      return `line ${fault.line} of the ${fault.source === 'export' ? 'export' : 'checkpoints'}: none of the keys signed it`;
    case 'unreadable':
      return `line ${fault.line} is nothing that an export has`;
  }
}
