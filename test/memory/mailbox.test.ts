import { describe, expect, it } from 'vitest';
import { MemoryMailbox } from '../../src/adapters/memory/index.ts';
import type { Mail } from '../../src/ports/notifier.ts';
import { anEmail } from '../support/builders.ts';

const aMail = (to = anEmail()): Mail => ({
  to,
  issuerName: 'Acme',
  projectId: undefined,
  message: { kind: 'password-changed' },
});

describe('memory mailbox', () => {
  it('keeps mails in the order in which they were sent', async () => {
    const mailbox = new MemoryMailbox();
    const [first, second] = [aMail(), aMail()];
    await mailbox.send(first);
    await mailbox.send(second);

    expect(mailbox.messages).toEqual([first, second]);
  });

  it('hands each mail to an address to one reader, whether it came before or after', async () => {
    const mailbox = new MemoryMailbox();
    const to = anEmail();
    const early = aMail(to);
    await mailbox.send(aMail());
    await mailbox.send(early);
    expect(await mailbox.next(to)).toEqual(early);

    const late: Mail = { ...aMail(to), issuerName: 'Late' };
    const waiting = mailbox.next(to);
    await mailbox.send(aMail());
    await mailbox.send(late);
    expect(await waiting).toEqual(late);
  });

  it('keeps the latest thousand', async () => {
    const mailbox = new MemoryMailbox();
    for (let sent = 0; sent < 1001; sent += 1) await mailbox.send({ ...aMail(), issuerName: `${sent}` });

    expect(mailbox.messages).toHaveLength(1000);
    expect(mailbox.messages[0]?.issuerName).toBe('1');
  });
});
