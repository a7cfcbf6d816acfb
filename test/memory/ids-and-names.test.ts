import { describe, expect, it } from 'vitest';
import { IdnaDomainNames, UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { UserId } from '../../src/domain/user/user.ts';

describe('UUID v7 generator', () => {
  it('makes ids that the id doors take, and later ones that sort later', () => {
    const generator = new UuidV7Generator();
    const ids = Array.from({ length: 5000 }, () => generator.next<UserId>());

    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(UserId.parse(ids[0])).toBe(ids[0]);
    expect(ids[0]?.[14]).toBe('7');
  });
});

describe('IDNA domain names', () => {
  it.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.com', 'example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('gives %s the ASCII form %s', (domain, ascii) => {
    expect(new IdnaDomainNames().toAscii(domain)).toBe(ascii);
  });

  it.each([
    ['xn--iñvalid.com'],
    ['a b.example'],
    ['example.com/path'],
    ['example.com?query'],
    ['example.com#part'],
    ['example.com:25'],
    ['user@example.com'],
    ['%65xample.com'],
    ['exam	ple.com'],
    ['127.0.0.1'],
    ['0x7f.1'],
    ['[::1]'],
    [''],
  ])('knows no ASCII form of %j', (domain) => {
    expect(new IdnaDomainNames().toAscii(domain)).toBeUndefined();
  });
});
