import { describe, expect, it } from 'vitest';
import { checkPrefix, isObjectKey } from '../../../storage/check-key.ts';
import { objectKeys } from '../../../storage/object-keys.ts';

describe('object keys', () => {
  it('are all that object-keys makes', () => {
    for (const key of [
      objectKeys.asset('user_1', 'asset_1'),
      objectKeys.plan('job_1'),
      objectKeys.sceneClip('job_1', 12),
      objectKeys.output('job_1', 'thumbnail.jpg'),
      objectKeys.cachedProgramme('ab12'),
    ])
      expect(isObjectKey(key)).toBe(true);
    for (const prefix of [objectKeys.intermediates('job_1'), objectKeys.outputs('job_1')])
      expect(() => checkPrefix(prefix)).not.toThrow();
  });

  it.each(['', '.', '..', 'a/../b', '/etc/passwd', 'a//b', 'a/', '.a/b', 'a/.b', 'a\\b', 'a%2fb', 'a\nb'])(
    'are never %j',
    (key) => expect(isObjectKey(key)).toBe(false),
  );

  it('are not made from what a caller could send', () => {
    expect(() => objectKeys.asset('user_1', '../../x')).toThrow();
    expect(() => checkPrefix('outputs')).toThrow();
    expect(() => checkPrefix('/')).toThrow();
  });
});
