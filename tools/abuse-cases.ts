// The abuse cases, what is expected of each, and the tests that prove it, for the table of `npm run test:abuse`.
export type AbuseCase = {
  readonly id: string;
  readonly what: string;
  readonly expected: string;
  readonly proofs: readonly Proof[];
};

/** Tests of one file whose full names match. */
export type Proof = { readonly file: string; readonly titles: RegExp };

const every = /./;

export const abuseCases: readonly AbuseCase[] = [
  {
    id: 'A1',
    what: '5,000 scenes; scenes 32 layers wide',
    expected: 'planned, or refused by the limit',
    proofs: [{ file: 'tests/abuse/large-films.test.ts', titles: /^A1/ }],
  },
  {
    id: 'A2',
    what: 'JSON: huge, deep, malformed, __proto__',
    expected: '413 or 400',
    proofs: [
      { file: 'tests/unit/api/submit.test.ts', titles: /bodies that are no documents/ },
      { file: 'tests/unit/api/hostile-requests.test.ts', titles: /JSON that is a trap/ },
      { file: 'tests/programs/api/document-judge.test.ts', titles: every },
    ],
  },
  {
    id: 'A3',
    what: 'hostile media as a source',
    expected: 'ASSET_INVALID < 2 s, canary untouched',
    proofs: [{ file: 'tests/abuse/hostile-media.test.ts', titles: every }],
  },
  {
    id: 'A4',
    what: '28 hostile texts',
    expected: 'literal pixels',
    proofs: [{ file: 'tests/abuse/hostile-text.test.ts', titles: every }],
  },
  {
    id: 'A5',
    what: 'ids and titles of every kind',
    expected: '400, or never in a key',
    proofs: [
      { file: 'tests/abuse/large-films.test.ts', titles: /^A5/ },
      { file: 'tests/unit/api/hostile-requests.test.ts', titles: /ids and names/ },
    ],
  },
  {
    id: 'A6',
    what: 'callback URLs that lead to loopback or private networks',
    expected: 'refused, no visit at the canary',
    proofs: [
      { file: 'tests/unit/api/webhooks/address.test.ts', titles: every },
      { file: 'tests/integration/webhooks/post-event.test.ts', titles: every },
    ],
  },
  {
    id: 'A7',
    what: "another tenant's job",
    expected: '404',
    proofs: [
      { file: 'tests/unit/api/hostile-requests.test.ts', titles: /another user's/ },
      { file: 'tests/integration/api/tenants.test.ts', titles: every },
    ],
  },
  {
    id: 'A8',
    what: '130 requests within 60 s over the edge of a window',
    expected: '10 × 429',
    proofs: [{ file: 'tests/integration/database/request-windows.test.ts', titles: every }],
  },
  {
    id: 'A9',
    what: 'heads and bodies that trickle',
    expected: '408 within the limit',
    proofs: [
      { file: 'tests/unit/api/hostile-requests.test.ts', titles: /a client that is slow/ },
      { file: 'tests/unit/api/errors.test.ts', titles: /connections that do not behave/ },
    ],
  },
  {
    id: 'A10',
    what: 'the same submission 50 times at once under one key',
    expected: 'one job, one answer',
    proofs: [{ file: 'tests/integration/database/quotas.test.ts', titles: /idempotency keys/ }],
  },
  {
    id: 'A11',
    what: 'two submissions for the last minute',
    expected: 'one 202, one 402',
    proofs: [{ file: 'tests/integration/database/quotas.test.ts', titles: /^minutes/ }],
  },
  {
    id: 'A12',
    what: 'bombs of duration, time stamps, size and rate',
    expected: 'rendered within bounds',
    proofs: [{ file: 'tests/abuse/bombs.test.ts', titles: every }],
  },
];
