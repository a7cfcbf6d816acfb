import { PASSWORD } from '../http/v1-world.ts';
import type { Named } from './named.ts';
import type { Own, Probe } from './probes.ts';
import type { Sent } from './sent.ts';

type Surface = 'gate' | 'pub';

/** At another project's door, and at the caller's own with what opens another's. */
function both(
  surface: Surface,
  operation: string,
  good: object,
  withSecrets: (named: Named) => object,
): readonly Probe[] {
  const at = (project: string, { key: headers }: Own, body: object): Sent => ({
    method: 'POST',
    path: `/api/v1/${surface}/${project}/auth/${operation}`,
    headers,
    body,
  });
  return [({ project }, own) => at(project, own, good), (named, own) => at(own.project, own, withSecrets(named))];
}

/** As above, where a bearer says who it is. */
function withBearer(method: string, operation: string, body?: object): readonly Probe[] {
  const at = (project: string, { key: headers }: Own, token: string): Sent => ({
    method,
    path: `/api/v1/pub/${project}/auth/${operation}`,
    headers,
    token,
    body,
  });
  return [
    ({ project }, own) => at(project, own, own.token),
    ({ gateAccessToken }, own) => at(own.project, own, gateAccessToken),
    ({ accessToken }, own) => at(own.project, own, accessToken),
  ];
}

const SOMEBODY = { email: 'somebody@example.test' };
const CODE = { code: '000000' };
const OTHER_PASSWORD = 'nine orange walruses sing';
const NEW_PASSWORD = { new_password: OTHER_PASSWORD };
const password = PASSWORD;
const refresh = { refresh_token: 'rt_x' };
const withEmail = ({ gateAccount: email }: Named) => ({ email });

/** Every operation of the Gate and Public API. */
export const GATE_PROBES: Readonly<Record<string, readonly Probe[]>> = {
  'POST /gate/{project_id}/auth/register': both('gate', 'register', { ...SOMEBODY, password }, (named) => ({
    ...withEmail(named),
    password: OTHER_PASSWORD,
  })),
  'POST /gate/{project_id}/auth/verify-email': both(
    'gate',
    'verify-email',
    { ...SOMEBODY, otp: '000000' },
    (named) => ({
      ...withEmail(named),
      otp: named.otp,
    }),
  ),
  'POST /gate/{project_id}/auth/resend-verification': both('gate', 'resend-verification', SOMEBODY, withEmail),
  'POST /gate/{project_id}/auth/login': both('gate', 'login', { ...SOMEBODY, password }, (named) => ({
    ...withEmail(named),
    password,
  })),
  'POST /gate/{project_id}/auth/login/totp': both(
    'gate',
    'login/totp',
    { login_ticket: 'x', totp_code: '000000' },
    ({ ticket }) => ({ login_ticket: ticket, totp_code: '000000' }),
  ),
  'POST /gate/{project_id}/auth/forgot-password': both('gate', 'forgot-password', SOMEBODY, withEmail),
  'POST /gate/{project_id}/auth/reset-password': both(
    'gate',
    'reset-password',
    { ...SOMEBODY, otp: '000000', ...NEW_PASSWORD },
    (named) => ({ ...withEmail(named), otp: named.resetOtp, ...NEW_PASSWORD }),
  ),
  'POST /pub/{project_id}/auth/refresh': [
    ...both('pub', 'refresh', refresh, ({ gateRefreshToken }) => ({ refresh_token: gateRefreshToken })),
    ...both('pub', 'refresh', refresh, ({ refreshToken }) => ({ refresh_token: refreshToken })),
  ],
  'POST /pub/{project_id}/auth/logout': [
    ...both('pub', 'logout', refresh, ({ gateRefreshToken }) => ({ refresh_token: gateRefreshToken })),
    ...both('pub', 'logout', refresh, ({ refreshToken }) => ({ refresh_token: refreshToken })),
  ],
  'GET /pub/{project_id}/auth/me': withBearer('GET', 'me'),
  'POST /pub/{project_id}/auth/verify': withBearer('POST', 'verify'),
  'POST /pub/{project_id}/auth/totp/setup': withBearer('POST', 'totp/setup', { password }),
  'POST /pub/{project_id}/auth/totp/verify-setup': withBearer('POST', 'totp/verify-setup', CODE),
  'POST /pub/{project_id}/auth/totp/disable': withBearer('POST', 'totp/disable', CODE),
};

/** A project's public keys are everybody's. */
export const GATE_PUBLIC: readonly string[] = ['GET /pub/{project_id}/.well-known/jwks.json'];
