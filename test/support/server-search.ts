/** A server for the tests. */
export interface TestServer {
  readonly url: string;
  /** Where it came from, for the person who reads the output. */
  readonly description: string;
  /** Not ours to stop: what the run made there is dropped one by one. */
  readonly outlivesTheRun: boolean;
  stop(): Promise<void>;
}

/** Throws an error whose message says why it has no server to offer. */
export type ServerSource = (env: NodeJS.ProcessEnv) => Promise<TestServer>;

export interface ServerSearch {
  readonly server: TestServer | undefined;
  readonly passed: readonly { readonly source: string; readonly reason: string }[];
}

/**
 * The first that answers. `env[choice]` names the one to take, or is `none`. The source named `url` has its server
 * from `env[given]`.
 */
export async function findServer(
  sources: Readonly<Record<string, ServerSource>>,
  { env, choice, given }: { readonly env: NodeJS.ProcessEnv; readonly choice: string; readonly given: string },
): Promise<ServerSearch> {
  const only = env[choice];
  if (only !== undefined && only !== 'none' && !(only in sources)) {
    throw new Error(`${choice}: ${only} is none of ${Object.keys(sources).join(', ')}, none`);
  }
  const passed: { source: string; reason: string }[] = [];
  for (const [source, start] of Object.entries(sources)) {
    if (only !== undefined && only !== source) {
      passed.push({ source, reason: `${choice} is ${only}` });
      continue;
    }
    try {
      return { server: await start(env), passed };
    } catch (error) {
      // A server that was asked for by name is never silently replaced by another.
      if (source === 'url' && env[given]) throw error;
      passed.push({ source, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { server: undefined, passed };
}
