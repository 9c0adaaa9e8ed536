import { describe, expect, test } from 'vitest';
import { Places } from '../../../api/places.ts';

const open = () =>
  new Places({
    max: 3,
    perOwnerMax: 2,
    things: 'uploads',
    owner: 'user',
    are: 'are taken',
    hint: 'Wait for one.',
  });

describe('places', () => {
  test('are a share of one user, who is told what to do', () => {
    const places = open();
    places.take('anna');
    places.take('anna');
    expect(() => places.take('anna')).toThrow(
      expect.objectContaining({
        code: 'RATE_LIMITED',
        retryable: true,
        hint: 'Wait for one.',
        message: 'At most 2 uploads of one user are taken at once.',
      }),
    );
    places.take('ben');
  });

  test('are bounded in all', () => {
    const places = open();
    for (const user of ['anna', 'ben', 'carl']) places.take(user);
    expect(() => places.take('dora')).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE', retryable: true }),
    );
  });

  test('come back once, however often they are given back', () => {
    const places = open();
    const leave = places.take('anna');
    places.take('anna');
    leave();
    leave();
    expect(places.isEmpty).toBe(false);
    const again = places.take('anna');
    expect(() => places.take('anna')).toThrow('At most 2');
    again();
  });

  test('are empty when all are given back', () => {
    const places = open();
    expect(places.isEmpty).toBe(true);
    const leaves = [places.take('anna'), places.take('ben')];
    for (const leave of leaves) leave();
    expect(places.isEmpty).toBe(true);
  });
});
