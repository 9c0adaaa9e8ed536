import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AllowedNetworks,
  judgeAddress,
  literalAddress,
  readAllowedNetworks,
} from '../../../../api/webhooks/address.ts';
import { callbackIssues } from '../../../../api/webhooks/callback-url.ts';

const none = readAllowedNetworks('');
const judge = (address: string, allowed: AllowedNetworks = none) => judgeAddress(address, allowed);

/** Ways to write 127.0.0.1 and its neighbours as the host of a URL. */
const loopbackHosts = [
  ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '0x7f.0.0.1', '127.0.0.1.'],
  ...['017700000001', '0x7f.1', '127.255.255.254', '0.0.0.0', '0', '[::1]', '[0:0:0:0:0:0:0:1]', '[::]'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'],
  ...[
    '①②⑦.⓪.⓪.①',
    '%31%32%37.0.0.1',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'A.B.localhost.',
  ],
];

describe('an address', () => {
  const refused: readonly [string, readonly string[]][] = [
    ['of this host', ['127.0.0.1', '127.255.255.255', '::1', '0.0.0.0', '0.1.2.3', '::']],
    [
      'of a private network',
      ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fc00::1', 'fdff::1'],
    ],
    ['of a link', ['169.254.0.1', '169.254.169.254', 'fe80::1', 'febf::1', 'fec0::1']],
    ['between a carrier and its customers', ['100.64.0.1', '100.100.100.200', '100.127.255.255']],
    ['of many', ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1', '255.255.255.255']],
    [
      'that is reserved',
      ['240.0.0.1', '192.0.0.1', '198.18.0.1', '198.19.255.255', '100::1', '4000::1', '5f00::1'],
    ],
    [
      'for documentation',
      ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1', '3fff:fff::1'],
    ],
    ['mapped from one that is refused', ['::ffff:10.0.0.1', '::ffff:a9fe:a9fe', '0:0:0:0:0:FFFF:7F00:0001']],
    ['that hides one', ['64:ff9b::a00:1', '64:ff9b:1::1', '2002:a00:1::1', '2001:0:53aa::1', '::10.0.0.1']],
    ['with a zone', ['fe80::1%eth0', '2606:4700::1%1', '::1%lo']],
    ['of the metadata of clouds', ['169.254.170.2', '168.63.129.16', 'fd00:ec2::254']],
    [
      'that is none',
      ['', 'localhost', '1.2.3', '1.2.3.4.5', '0x7f000001', '2130706433', '[::1]', '127.0.0.1:80'],
    ],
  ];
  for (const [title, addresses] of refused)
    it(`${title} is refused`, () => {
      for (const address of addresses) expect([address, judge(address)]).toEqual([address, 'refused']);
    });

  it('of the public internet is not', () => {
    for (const address of [
      ...[
        '1.1.1.1',
        '8.8.8.8',
        '9.255.255.255',
        '11.0.0.0',
        '100.63.255.255',
        '100.128.0.0',
        '172.15.255.255',
      ],
      ...['172.32.0.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
      ...['2606:4700:4700::1111', '2a00:1450::1', '2001:4860:4860::8888', '::ffff:8.8.8.8', '168.63.129.17'],
    ])
      expect([address, judge(address)]).toEqual([address, 'public']);
  });

  it('that the operator allows is, in any spelling of it, and no other', () => {
    const home = readAllowedNetworks(' 192.168.1.0/24, fd00::/8 ,10.0.0.7,');
    for (const address of ['192.168.1.1', '::ffff:192.168.1.255', 'fd12::1', '10.0.0.7', '::ffff:a00:7'])
      expect([address, judge(address, home)]).toEqual([address, 'allowed']);
    for (const address of ['192.168.2.1', 'fc00::1', '10.0.0.8', '127.0.0.1', 'fd12::1%eth0'])
      expect([address, judge(address, home)]).toEqual([address, 'refused']);
    expect(judge('8.8.8.8', home)).toBe('public');
    expect([none.isEmpty, home.isEmpty]).toEqual([true, false]);
  });

  it('is judged the same mapped into IPv6 as alone', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(judge(`::ffff:${address}`)).toBe(judge(address));
      }),
    );
  });

  it('of IPv6 is never public outside of what is given out', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const verdict = judge(address);
        if (!address.includes('.')) expect(verdict === 'public' && !/^[23]/.test(address)).toBe(false);
      }),
    );
  });
});

describe('the setting', () => {
  it('names what is no network', () => {
    for (const entry of [
      'home',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      'fe80::1%eth0',
      '10.0.0.0/-1',
      '10.0/8',
    ])
      expect(() => readAllowedNetworks(`127.0.0.1, ${entry}`)).toThrow(`"${entry}"`);
  });
});

describe('the host of a URL', () => {
  it('is this host in each of its spellings', () => {
    for (const host of loopbackHosts)
      expect([host, callbackIssues(`https://${host}/hook`, none)]).toMatchObject([
        host,
        [{ path: 'callbackUrl', code: 'callback-refused' }],
      ]);
  });

  it('is an address or a name', () => {
    expect(literalAddress(new URL('https://[2606:4700::1]:8443/x'))).toBe('2606:4700::1');
    expect(literalAddress(new URL('https://0x8.8.2056/'))).toBe('8.8.8.8');
    expect(literalAddress(new URL('https://hooks.example.org/'))).toBeNull();
  });
});

describe('a callbackUrl', () => {
  const home = readAllowedNetworks('192.168.1.0/24');
  const isTaken = (url: string, allowed: AllowedNetworks = none) => callbackIssues(url, allowed).length === 0;

  it('may be absent, a public name or a public address, by https', () => {
    expect(callbackIssues(undefined, none)).toEqual([]);
    for (const url of ['https://hooks.example.org/a?b=c', 'https://8.8.8.8:8443/', 'https://[2606:4700::1]/'])
      expect([url, isTaken(url)]).toEqual([url, true]);
  });

  it('may be plain http only where the operator vouches for the address', () => {
    expect(isTaken('http://hooks.example.org/')).toBe(false);
    expect(isTaken('http://192.168.1.5:8123/', home)).toBe(true);
    expect(isTaken('https://192.168.1.5/', home)).toBe(true);
    expect(isTaken('http://8.8.8.8/', home)).toBe(false);
    // A name may lead there; it is judged when something is sent.
    expect(isTaken('http://box.home.arpa/', home)).toBe(true);
    expect(isTaken('http://localhost/', home)).toBe(false);
    expect(isTaken('http://localhost/', readAllowedNetworks('127.0.0.0/8'))).toBe(true);
  });

  it('may hold no password', () => {
    expect(callbackIssues('https://me:secret@hooks.example.org/', none)).toMatchObject([
      { path: 'callbackUrl' },
    ]);
  });
});
