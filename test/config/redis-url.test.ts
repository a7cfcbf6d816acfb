import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';

const cacheWith = (REDIS_URL: string) => readConfig(false, { REDIS_URL }).cache;

describe('REDIS_URL', () => {
  it('leaves everything in memory when nothing is said', () => {
    expect(readConfig(false, {}).cache).toEqual({ kind: 'memory' });
  });

  it.each([
    'redis://127.0.0.1:6379',
    'redis://cache.internal',
    'redis://[::1]:6379/3',
    'rediss://user:p%2Cass@cache.internal:6380/',
    'redis://:secret@cache.internal/15',
  ])('names a server: %s', (url) => {
    expect(cacheWith(url)).toEqual({ kind: 'redis', nodes: [url] });
  });

  it('names nodes of a cluster', () => {
    const nodes = ['rediss://user:secret@one:6379', 'rediss://user:secret@two:6379/0'];
    expect(cacheWith(nodes.join(', '))).toEqual({ kind: 'redis', nodes });
  });

  it.each([
    'cache.internal:6379',
    'http://cache.internal',
    'redis://',
    'redis://cache.internal/name',
    'redis://cache.internal:99999',
    'redis://cache.internal?db=1',
    'redis://one, http://two',
  ])('cannot be %s', (given) => {
    expect(() => cacheWith(given)).toThrow(/REDIS_URL\.\d: a URL like redis:\/\/host:6379 or rediss:\/\//);
  });

  it('cannot be a list of nothing', () => {
    expect(() => cacheWith(' , ')).toThrow('REDIS_URL: a URL is needed');
  });

  it.each(['redis://one,rediss://two', 'redis://a:b@one,redis://one', 'redis://a:b@one,redis://a:c@two'])(
    'cannot reach the nodes of a cluster in different ways: %s',
    (given) => {
      expect(() => cacheWith(given)).toThrow(
        'REDIS_URL: the nodes of a cluster need the same scheme, user and password',
      );
    },
  );

  it('cannot name a database of a cluster', () => {
    expect(() => cacheWith('redis://one/1,redis://two/1')).toThrow('REDIS_URL: a cluster has database 0 only');
  });

  it('is not repeated by the message about it, since it may hold a password', () => {
    expect(() => cacheWith('redis://user:secret@host/name')).not.toThrow(/secret/);
  });
});
