import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/adapters/outbound/public-address.ts';

describe('a public address', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '93.184.216.34',
    '2606:4700:4700::1111',
    '2a00:1450:4001:82a::200e',
    '::ffff:8.8.8.8',
  ])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.8.9.10'],
    ['loopback', '::1'],
    ['of this host', '0.0.0.0'],
    ['of this host', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.254'],
    ['private', '192.168.1.1'],
    ['shared by carriers', '100.64.0.1'],
    ['of the metadata of a cloud', '169.254.169.254'],
    ['of the metadata of a cloud', '100.100.100.200'],
    ['of the metadata of a cloud', '192.0.0.192'],
    ['of the metadata of a cloud', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local', 'fe80::1%eth0'],
    ['unique local', 'fc00::1'],
    ['site-local', 'fec0::1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['for documents', '203.0.113.7'],
    ['for documents', '2001:db8::1'],
    ['mapped', '::ffff:127.0.0.1'],
    ['mapped', '::ffff:a9fe:a9fe'],
    ['embedded', '::127.0.0.1'],
    ['embedded', '::7f00:1'],
    ['of no network yet', '4000::1'],
    ['translated', '64:ff9b::7f00:1'],
    ['translated', '::ffff:0:127.0.0.1'],
    ['tunnelled', '2002:7f00:1::'],
    ['tunnelled', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['none', 'localhost'],
    ['none', ''],
  ])('is none that is %s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
