import { HmacRefreshTokenCodec } from '../../src/adapters/crypto/hmac-refresh-token-codec.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { type ServicePlan, servicePlan } from '../service.ts';

/** No secret: a town that was made once can be measured again. */
const MASTER_KEY = Buffer.alloc(32, 'town');

export function townPlan(databaseUrl: string, smtpUrl: string): ServicePlan {
  return { ...servicePlan(databaseUrl, smtpUrl), MASTER_KEY: MASTER_KEY.toString('base64') };
}

/** Makes the tokens of sessions that were never opened over the API. */
export const townTokens = new HmacRefreshTokenCodec(new KeyRing(MASTER_KEY));
