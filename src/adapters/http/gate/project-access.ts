import type { Context } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { parseIpAddress } from '../middleware/ip-address.ts';
import { requestHeader } from '../middleware/request-header.ts';

export const CLIENT_ADDRESS_HEADER = 'X-Client-Address';

/**
 * Lets a back end in by its API key and settles whose address counts: the connection's, or the one in
 * `X-Client-Address` where the key may speak for its users. Without such a word the person's network is not known to
 * use cases, however well the back end's is.
 * @throws IamError `invalid-api-key`; `forbidden` for a key without `auth`; `validation-error` for a garbled address
 */
export async function enterProject(c: Context<HttpEnvironment>, deps: Pick<HttpDependencies, 'iam'>): Promise<void> {
  const { apiKey, project } = await deps.iam.projects.authenticateApiKey.execute({
    projectId: c.req.param('project_id') ?? '',
    key: requestHeader(c, 'x-api-key'),
  });
  if (!apiKey.permissions.includes('auth')) throw new IamError('forbidden', {});
  const said = apiKey.permissions.includes('client-address')
    ? requestHeader(c, CLIENT_ADDRESS_HEADER.toLowerCase())
    : undefined;
  const origin = { ...c.get('origin'), ...(said === undefined ? { network: null } : addressSaid(said)) };
  if (origin.network !== null) c.set('clientNetwork', origin.network);
  c.set('apiKey', apiKey);
  c.set('project', project);
  c.set('origin', origin);
  c.set('visitor', { projectId: project.id, dialect: 'gate', origin });
}

function addressSaid(raw: string): { readonly address: string; readonly network: string } {
  const address = parseIpAddress(raw);
  if (address === undefined) {
    const violation = { message: 'is not an IP address', code: 'INVALID_FORMAT' } as const;
    throw new IamError('validation-error', {
      violations: [{ ...violation, field: `header.${CLIENT_ADDRESS_HEADER}` }],
    });
  }
  return { address: address.text, network: address.network };
}
