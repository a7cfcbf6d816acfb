import { CALLER_NAMES, type CallerName } from './callers.ts';

/** What stands in the table, and the problem that it stands for. A success is its own status. */
export const LETTERS = {
  'token-invalid': '401',
  forbidden: '403',
  'impersonation-restricted': '403i',
  'email-not-verified': '403e',
  'not-found': '404',
  'mfa-setup-missing': '400s',
  'mfa-not-enabled': '400m',
  'validation-error': '400v',
} as const;

/**
 * Who may do what, as `v1-api.md` has it. The request is about something of the host's tenant: a tenant with an owner,
 * an admin and a member. `manage key` acts in the platform's root tenant; `platform` owns the platform and acts in its root tenant; `stranger` owns another tenant;
 * `acting` is the owner of the platform in the place of the host's owner; `unproven` has registered and not proven the
 * address. What needs no id is about the caller's own tenant or account.
 */
const TABLE = `
                                              nobody  auth key  manage key  member  admin  owner  platform  stranger  acting  unproven
POST /auth/register                           201     201       201         201     201    201    201       201       201     201
POST /auth/login                              200     200       200         200     200    200    200       200       200     200
POST /auth/refresh                            200     200       200         200     200    200    200       200       200     200
POST /auth/logout                             401     403       401         204     204    204    204       204       204     204
POST /auth/reauthenticate                     401     403       401         200     200    200    200       200       403i    200
GET /auth/me                                  401     403       401         200     200    200    200       200       200     200
PATCH /auth/me                                401     403       401         200     200    200    200       200       403i    200
POST /auth/change-password                    401     403       401         204     204    204    204       204       403i    204
GET /auth/sessions                            401     403       401         200     200    200    200       200       200     200
DELETE /auth/sessions                         401     403       401         204     204    204    204       204       403i    204
DELETE /auth/sessions/{id}                    401     403       401         404     404    204    404       404       403i    404
POST /auth/verify-email                       200     200       200         200     200    200    200       200       200     200
POST /auth/request-verify-email               401     403       401         202     202    202    202       202       403i    202
POST /auth/request-reset                      202     202       202         202     202    202    202       202       202     202
POST /auth/reset-password                     204     204       204         204     204    204    204       204       204     204
POST /auth/disown                             204     204       204         204     204    204    204       204       204     204
POST /auth/mfa/enable                         401     403       401         200     200    200    200       200       403i    403e
POST /auth/mfa/verify                         401     403       401         200     200    200    200       200       403i    400s
POST /auth/mfa/disable                        401     403       401         204     204    204    204       204       403i    400m
POST /auth/recovery                           200     200       200         200     200    200    200       200       200     200
GET /auth/recovery-codes                      401     403       401         200     200    200    200       200       200     200
POST /auth/recovery-codes/regenerate          401     403       401         200     200    200    200       200       403i    200
GET /auth/tenants                             401     403       401         200     200    200    200       200       200     200
POST /auth/select-tenant                      200     200       200         200     200    200    200       200       200     200
POST /auth/switch-tenant                      401     403       401         200     200    200    404       404       403i    404
POST /auth/impersonate                        401     403       401         403     403    403    200       403       403i    403
GET /auth/providers                           200     200       200         200     200    200    200       200       200     200
POST /auth/login/{providerId}                 200     200       200         200     200    200    200       200       200     200
GET /auth/login/{providerId}                  303     303       303         303     303    303    303       303       303     303
GET /auth/callback/{providerId}               200     200       200         200     200    200    200       200       200     200
POST /auth/callback/{providerId}              200     200       200         200     200    200    200       200       200     200
POST /auth/exchange                           200     200       200         200     200    200    200       200       200     200
POST /auth/mfa/challenge                      200     200       200         200     200    200    200       200       200     200
POST /auth/invite                             401     403       401         403     201    201    201       201       403i    403e
POST /auth/accept-invite                      201     201       201         201     201    201    201       201       403i    201

GET /invitations                              401     403       401         403     200    200    200       200       200     200
POST /invitations/{id}/resend                 401     403       401         403     202    202    404       404       403i    404
DELETE /invitations/{id}                      401     403       401         403     204    204    404       404       403i    404

POST /users                                   401     403       201         403     201    201    201       201       403i    403e
GET /users                                    401     403       200         403     200    200    200       200       200     200
GET /users/{id}                               401     403       404         403     200    200    404       404       200     404
PATCH /users/{id}                             401     403       404         403     200    200    404       404       403i    404
PATCH /users/{id} status                      401     403       404         403     200    200    200       404       403i    404
DELETE /users/{id}                            401     403       404         403     204    204    404       404       403i    404
PATCH /users/{id}/restore                     401     403       404         403     200    200    404       404       403i    404
POST /users/{id}/restore                      401     403       404         403     200    200    404       404       403i    404
POST /users/{id}/roles                        401     403       404         403     200    200    404       404       403i    404
DELETE /users/{id}/roles/{role}               401     403       404         403     204    204    404       404       403i    404
GET /users/{id}/permissions                   401     403       404         403     200    200    404       404       200     404
GET /users/{id}/providers                     401     403       401         403     200    200    404       404       200     404
POST /users/{id}/providers/{providerId}       401     403       401         403     403    403    403       403       403i    403
POST /users/{id}/providers/{providerId} own   401     403       401         200     200    200    200       200       403i    403e
DELETE /users/{id}/providers/{providerId}     401     403       401         403     204    204    404       404       403i    404

GET /roles                                    401     403       200         403     200    200    200       200       200     200
POST /roles                                   401     403       201         403     201    201    201       201       403i    201
GET /roles/{id}                               401     403       404         403     200    200    404       404       200     404
PATCH /roles/{id}                             401     403       404         403     200    200    404       404       403i    404
DELETE /roles/{id}                            401     403       404         403     204    204    404       404       403i    404
GET /permissions                              401     403       200         403     200    200    200       200       200     200
GET /modules                                  401     403       200         403     403    403    200       403       403     403
POST /modules                                 401     403       201         403     403    403    201       403       403i    403
DELETE /modules/{name}                        401     403       204         403     403    403    204       403       403i    403
POST /authz/check                             401     403       400v        200     200    200    200       200       200     200
POST /authz/check another                     401     403       404         403     200    200    404       404       200     404

POST /tenants                                 401     403       401         201     201    201    201       201       403i    403e
GET /tenants                                  401     403       401         403     403    403    200       403       403     403
GET /tenants/{id}                             401     403       401         403     200    200    200       404       200     404
PATCH /tenants/{id}                           401     403       401         403     200    200    200       404       200     404
POST /tenants/{id}/block                      401     403       401         403     403    403    200       403       403i    403
POST /tenants/{id}/unblock                    401     403       401         403     403    403    200       403       403i    403
POST /tenants/{id}/transfer                   401     403       401         403     403    202    404       404       403i    404
POST /tenants/{id}/transfer/accept            401     403       401         200     200    404    404       404       403i    404
DELETE /tenants/{id}/transfer                 401     403       401         204     204    204    404       404       403i    404

GET /audit/records                            401     403       200         403     200    200    200       200       200     200
GET /audit/export                             401     403       401         403     200    200    200       200       200     200
GET /audit/checkpoints                        401     403       401         403     200    200    200       200       200     200

POST /webhooks                                401     403       201         403     201    201    201       201       403i    403e
GET /webhooks                                 401     403       200         403     200    200    200       200       200     200
GET /webhooks/{id}                            401     403       404         403     200    200    404       404       200     404
PATCH /webhooks/{id}                          401     403       404         403     200    200    404       404       403i    404
DELETE /webhooks/{id}                         401     403       404         403     204    204    404       404       403i    404
POST /webhooks/{id}/rotate-secret             401     403       404         403     200    200    404       404       403i    404
GET /webhooks/{id}/deliveries                 401     403       404         403     200    200    404       404       200     404
POST /webhooks/{id}/deliveries/{eventId}/redeliver  401     403       404         403     202    202    404       404       403i    404
GET /events                                   401     403       200         403     200    200    200       200       200     200

POST /projects                                401     403       401         403     403    403    201       403       403i    403
GET /projects                                 401     403       401         403     403    403    200       403       403     403
GET /projects/{id}                            401     403       401         403     403    403    200       403       403     403
PATCH /projects/{id}                          401     403       401         403     403    403    200       403       403i    403
POST /projects/{id}/api-keys                  401     403       401         403     403    403    201       403       403i    403
GET /projects/{id}/api-keys                   401     403       401         403     403    403    200       403       403     403
DELETE /projects/{id}/api-keys/{keyId}        401     403       401         403     403    403    204       403       403i    403
GET /projects/{id}/signing-keys               401     403       401         403     403    403    200       403       403     403
POST /projects/{id}/signing-keys/rotate       401     403       401         403     403    403    200       403       403i    403
DELETE /projects/{id}/signing-keys/{kid}      401     403       401         403     403    403    204       403       403i    403
POST /projects/{id}/providers                 401     403       401         403     403    403    201       403       403i    403
GET /projects/{id}/providers                  401     403       401         403     403    403    200       403       403     403
PATCH /projects/{id}/providers/{providerId}   401     403       401         403     403    403    200       403       403i    403
DELETE /projects/{id}/providers/{providerId}  401     403       401         403     403    403    204       403       403i    403
`;

export type Row = Readonly<Record<CallerName, string>>;

/** What every caller is answered, by operation. */
export const EXPECTED: ReadonlyMap<string, Row> = parsed(TABLE);

function parsed(table: string): ReadonlyMap<string, Row> {
  const [head = [], ...rows] = table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/ {2,}/));
  if (head.join() !== CALLER_NAMES.join()) throw new Error(`The table is not about ${CALLER_NAMES.join()}`);
  return new Map(rows.map(([name = '', ...cells]) => [name, rowOf(cells)]));
}

export function rowOf(cells: readonly string[]): Row {
  return Object.fromEntries(CALLER_NAMES.map((caller, index) => [caller, cells[index] ?? ''])) as Row;
}

/** In the form of the table above. */
export function tableOf(rows: ReadonlyMap<string, Row>): string {
  const lines = [
    ['', ...CALLER_NAMES],
    ...[...rows].map(([name, row]) => [name, ...CALLER_NAMES.map((by) => row[by])]),
  ];
  const widths = ['', ...CALLER_NAMES].map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const padded = (cell: string, column: number) => cell.padEnd((widths[column] ?? 0) + 2);
  return lines.map((line) => line.map(padded).join('').trimEnd()).join('\n');
}
