/** What somebody else's hasher made of a password, each as its source publishes it. */
export interface Vector {
  readonly form: string;
  readonly source: string;
  readonly password: string;
  readonly hash: string;
}

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64').replaceAll('=', '');

const RFC_7914_SCRYPT =
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887';
const RFC_7914_PBKDF2 =
  '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783';
const RFC_6070 = '4b007901b765489abead49d926f721d065a429c1';

const FIREBASE_KEY = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';
const FIREBASE_HASH = 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==';
const FIREBASE_SALT = '42xEC+ixf3L2lw==';

export const VECTORS: readonly Vector[] = [
  {
    form: 'argon2i',
    source: 'phc-winner-argon2, test.c',
    password: 'password',
    hash: '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
  },
  {
    form: 'argon2i of version 16',
    source: 'phc-winner-argon2, test.c',
    password: 'password',
    hash: '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ',
  },
  {
    form: 'argon2d',
    source: 'go.dexidp, password hashes',
    password: 'apple123',
    hash: '$argon2d$v=19$m=65536,t=4,p=4$PUfIWctZa611rpXSOicEAA$eUtgGpyO1+ylLPGhN8gvRXBXF+Zd97kQIZA7OgX4VIM',
  },
  {
    form: 'bcrypt $2a$',
    source: 'passlib, test_handlers_bcrypt.py',
    password: 'tá\u0411\u2113ə',
    hash: '$2a$05$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG',
  },
  ...['2a', '2b', '2y', '2x'].map((version) => ({
    form: `bcrypt $${version}$`,
    source: 'crypt_blowfish, wrapper.c',
    password: 'U*U',
    hash: `$${version}$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`,
  })),
  {
    form: 'scrypt',
    source: 'RFC 7914 §12',
    password: 'pleaseletmein',
    hash: `$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$${base64(RFC_7914_SCRYPT)}`,
  },
  {
    form: 'scrypt',
    source: 'passlib, scrypt',
    password: 'password',
    hash: '$scrypt$ln=8,r=8,p=1$WKs1xljLudd6z9kbY0wpJQ$yCR4iDZYDKv+iEJj6yHY0lv/epnfB6f/w1EbXrsJOuQ',
  },
  {
    form: 'PBKDF2 with SHA-1',
    source: 'RFC 6070 §2',
    password: 'password',
    hash: `$pbkdf2-sha1$i=4096,l=20$c2FsdA$${base64(RFC_6070)}`,
  },
  {
    form: 'PBKDF2 with SHA-1',
    source: 'passlib, pbkdf2_sha1',
    password: 'password',
    hash: '$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI',
  },
  {
    form: 'PBKDF2 with SHA-256, of two blocks',
    source: 'RFC 7914 §11',
    password: 'passwd',
    hash: `$pbkdf2-sha256$1$c2FsdA$${base64(RFC_7914_PBKDF2)}`,
  },
  {
    form: 'PBKDF2 with SHA-256',
    source: 'passlib, pbkdf2_sha256',
    password: 'Ιωαννης',
    hash: '$pbkdf2-sha256$1212$3SABFJGDtyhrQMVt1uABPw$WyaUoqCLgvz97s523nF4iuOqZNbp5Nt8do/cuaa7AiI',
  },
  {
    form: 'PBKDF2 with SHA-512',
    source: 'passlib, pbkdf2_sha512',
    password: 'password',
    hash: '$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX.esqY3s.FvWZViXz4KoLlQI.BzY/YTNJOiKc5gBYFYGww',
  },
  {
    form: 'Firebase’s scrypt',
    source: 'github.com/firebase/scrypt, README',
    password: 'user1password',
    hash: `$firebase-scrypt$ln=14,r=8,p=1,sep=Bw==,key=${FIREBASE_KEY}$${FIREBASE_SALT}$${FIREBASE_HASH}`,
  },
  {
    form: 'Firebase’s scrypt, without padding',
    source: 'github.com/firebase/scrypt, README',
    password: 'user1password',
    hash: `$firebase-scrypt$ln=14,r=8,p=1,sep=Bw,key=${FIREBASE_KEY}$${FIREBASE_SALT}$${FIREBASE_HASH}`.replaceAll(
      '==',
      '',
    ),
  },
];
