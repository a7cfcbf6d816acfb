import { describe, expect, it } from 'vitest';
import { webhookAddressFault } from '../../src/adapters/outbound/webhook-address.ts';

const outside = { allowPrivate: false };
const anywhere = { allowPrivate: true };

describe('the address of a webhook', () => {
  it.each([
    'https://hooks.example.com',
    'https://hooks.example.com:8443/castellan?of=tenant&a=b',
    'https://93.184.216.34/hook',
    'https://[2606:4700:4700::1111]/hook',
    `https://hooks.example.com/${'x'.repeat(2_022)}`,
    'HTTPS://HOOKS.EXAMPLE.COM/',
  ])('may be %s', (url) => {
    expect(webhookAddressFault(url, outside)).toBeUndefined();
  });

  it.each([
    ['http://hooks.example.com/', 'must be an https URL'],
    ['ftp://hooks.example.com/', 'must be an https URL'],
    ['file:///etc/hostname', 'must be an https URL'],
    ['javascript:alert(1)', 'must be an https URL'],
    ['https://ada:secret@hooks.example.com/', 'must not have credentials'],
    ['https://ada@hooks.example.com/', 'must not have credentials'],
    ['https://:secret@hooks.example.com/', 'must not have credentials'],
    ['https://@hooks.example.com/', 'must not have credentials'],
    ['https://hooks.example.com/#part', 'must not have a fragment'],
    ['https://hooks.example.com/#', 'must not have a fragment'],
    [`https://hooks.example.com/${'x'.repeat(2_023)}`, 'must have at most 2048 characters'],
    ['hooks.example.com', 'must be a URL'],
    ['//hooks.example.com', 'must be a URL'],
    ['https://', 'must be a URL'],
    ['', 'must be a URL'],
    [' https://hooks.example.com', 'must be a URL'],
    ['https://hooks.exa\tmple.com', 'must be a URL'],
    ['https://hooks.example.com/a\nb', 'must be a URL'],
    ['https://hooks.example.com/\0', 'must be a URL'],
    ['https:hooks.example.com', 'must be a URL'],
    ['https:/hooks.example.com', 'must be a URL'],
    ['https:\\\\hooks.example.com', 'must be a URL'],
    ['https:///hooks.example.com', 'must be a URL'],
    ['https://hooks.example.com\\services\\token', 'must be a URL'],
    ['https://hooks.example.com/\u202emoc.live', 'must be a URL'],
    ['https://127.0.0.1/', 'must be a public address'],
    ['https://10.1.2.3/', 'must be a public address'],
    ['https://169.254.169.254/', 'must be a public address'],
    ['https://[::1]/', 'must be a public address'],
    ['https://[::ffff:127.0.0.1]/', 'must be a public address'],
    ['https://[fd00:ec2::254]/', 'must be a public address'],
    ['https://2130706433/', 'must be a public address'],
    ['https://0x7f.1/', 'must be a public address'],
    ['https://0177.0.0.1/', 'must be a public address'],
    ['https://127.0.0.1.:443/', 'must be a public address'],
  ])('may not be %s', (url, fault) => {
    expect(webhookAddressFault(url, outside)).toBe(fault);
  });

  it.each(['http://hooks.internal/', 'http://127.0.0.1:8080/', 'https://[::1]/', 'https://10.1.2.3/'])(
    'may be %s where that is allowed',
    (url) => {
      expect(webhookAddressFault(url, anywhere)).toBeUndefined();
    },
  );

  it.each([
    ['ftp://hooks.internal/', 'must be an https URL'],
    ['http://ada:secret@127.0.0.1/', 'must not have credentials'],
    ['http://127.0.0.1/#part', 'must not have a fragment'],
  ])('may not be %s even then', (url, fault) => {
    expect(webhookAddressFault(url, anywhere)).toBe(fault);
  });
});
