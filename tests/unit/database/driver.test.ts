import { expect, it } from 'vitest';
import { openConnection } from '../../../database/driver.ts';

it('a pool that is closed still hears the last words of a server that ends', async () => {
  const { $pool: pool } = openConnection({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
  await pool.end();
  expect(() =>
    pool.emit('error', new Error('terminating connection due to administrator command')),
  ).not.toThrow();
});
