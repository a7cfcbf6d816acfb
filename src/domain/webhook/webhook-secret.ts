const PREFIX = 'whsec_';

/** 256 random bits, given in base64url, as a signing secret (Standard Webhooks, "Signature scheme"). */
export function webhookSecret(random: string): string {
  const base64 = random.replaceAll('-', '+').replaceAll('_', '/');
  return PREFIX + base64.padEnd(Math.ceil(base64.length / 4) * 4, '=');
}
