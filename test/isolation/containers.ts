import { readConfig } from '../../src/adapters/config/config.ts';
import { type OpenIam, openIam } from '../../src/adapters/container/open-iam.ts';

/** One of the service as it is wired in production, without HTTP and without what runs in the background. */
export interface Container extends Pick<OpenIam, 'iam'>, AsyncDisposable {}

export async function aContainer(environment: NodeJS.ProcessEnv): Promise<Container> {
  const { iam, close } = await openIam(readConfig(false, environment), () => {});
  return { iam, [Symbol.asyncDispose]: close };
}
