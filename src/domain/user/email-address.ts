import { invalidField } from '../errors.ts';
import type { Brand } from '../kernel/brand.ts';

/**
 * A mailbox in its canonical form: trimmed, lower case, ASCII local part, the domain in its ASCII (IDNA) form.
 * The canonical form is the key of look-up, limits and uniqueness. At most 254 characters (RFC 5321 §4.5.3.1.3).
 */
export type EmailAddress = Brand<string, 'EmailAddress'>;

/** Turns a domain into its ASCII form (UTS 46), or `undefined` when it has none. */
export type DomainToAscii = (domain: string) => string | undefined;

/** Looked at before letters are folded: others than ASCII fold into it, as the Kelvin sign does into k. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export const EmailAddress = {
  /** @throws IamError `validation-error` on the given field */
  parse(raw: string, domainToAscii: DomainToAscii, field = 'email'): EmailAddress {
    const value = raw.trim();
    const at = value.lastIndexOf('@');
    const localPart = value.slice(0, at);
    const domain = at === -1 ? undefined : domainToAscii(value.slice(at + 1).toLowerCase());
    const address = `${localPart.toLowerCase()}@${domain}`;
    if (
      domain === undefined ||
      localPart.length > 64 ||
      address.length > 254 ||
      !LOCAL_PART.test(localPart) ||
      !DOMAIN.test(domain)
    ) {
      throw invalidField(field, 'is not a valid email address', 'INVALID_FORMAT');
    }
    return address as EmailAddress;
  },
} as const;
