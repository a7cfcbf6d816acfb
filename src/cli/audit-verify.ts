import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { auditVerifier } from '../adapters/container/audit-verifier.ts';
import { describeVerdict } from './describe-verdict.ts';
import { EXIT, type ExitCode, type Shell } from './shell.ts';
import { jsonOf, textOf } from './text.ts';

export interface AuditVerifyOptions {
  /** An export, one JSON object a line. */
  readonly file: string;
  /** A file, or an http(s) address. */
  readonly jwks: string;
  /** Files with checkpoints that were kept elsewhere; earlier exports have some, too. */
  readonly checkpoints: readonly string[];
  readonly json: boolean;
}

const FETCH_DEADLINE_MS = 10_000;

/** Verifies an exported trail, without a server or a database. */
export async function auditVerify(options: AuditVerifyOptions, { out }: Shell): Promise<ExitCode> {
  const { file, jwks, checkpoints, json } = options;
  const verify = auditVerifier(await readJwks(jwks));
  const verdict = await verify(linesOf(file), linesOfAll(checkpoints));
  out(json ? `${jsonOf(verdict)}\n` : textOf(describeVerdict(verdict, { compared: checkpoints.length > 0 })));
  return verdict.faults.length === 0 && verdict.chains.length > 0 ? EXIT.ok : EXIT.failed;
}

async function readJwks(source: string): Promise<unknown> {
  if (!/^https?:\/\//.test(source)) return JSON.parse(await readFile(source, 'utf8'));
  const answer = await fetch(source, { signal: AbortSignal.timeout(FETCH_DEADLINE_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`${source} answers ${answer.status}`);
  return answer.json();
}

async function* linesOfAll(files: readonly string[]): AsyncGenerator<unknown> {
  for (const file of files) yield* linesOf(file);
}

/** What is no JSON is left for the verdict to say. */
async function* linesOf(file: string): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield parsed(line);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
