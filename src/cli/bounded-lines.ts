const NEWLINE = 0x0a;

/** One of a file, counted from 1. */
export interface BoundedLine {
  readonly line: number;
  /** Without its end; `undefined` for one that is too long. */
  readonly bytes: Buffer | undefined;
}

/** The lines of a stream. One beyond `most` bytes is passed over, not kept: what is in memory has an end. */
export async function* boundedLines(chunks: AsyncIterable<Buffer>, most: number): AsyncGenerator<BoundedLine> {
  let line = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length > most) parts = [];
    else parts.push(part);
  };
  const ended = (): BoundedLine => {
    const bytes = length > most ? undefined : Buffer.concat(parts);
    [parts, length] = [[], 0];
    return { line, bytes };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end));
      yield ended();
      line += 1;
      from = end + 1;
    }
    add(chunk.subarray(from));
  }
  if (length > 0) yield ended();
}
