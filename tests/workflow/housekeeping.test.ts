import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { houseScheduleId } from '../../contract/names.ts';
import { readSettings } from '../../contract/settings.ts';
import { scheduleHousekeeping } from '../../workers/housekeeping-schedule.ts';

let native: NativeConnection;
let connection: Connection;
beforeAll(async () => {
  const address = inject('temporalAddress');
  native = await NativeConnection.connect({ address });
  connection = await Connection.connect({ address });
});
afterAll(async () => {
  await new Client({ connection }).schedule.getHandle(houseScheduleId).delete();
  await native.close();
  await connection.close();
});

const settings = (change: Readonly<Record<string, string>>) =>
  readSettings({
    DATABASE_URL: 'postgres://none',
    TEMPORAL_ADDRESS: 'none:1',
    LINK_SIGNING_SECRET: 'only-for-tests-0123456789',
    ...change,
  });

describe('the schedule of the housekeeping', () => {
  it('is made by the first worker and brought up to date by each that follows', async () => {
    await scheduleHousekeeping(native, settings({ HOUSEKEEPING_MINUTES: '7' }));
    await scheduleHousekeeping(native, settings({ HOUSEKEEPING_MINUTES: '9', HOUSEKEEPING: 'dry-run' }));
    const { schedule } = new Client({ connection });
    const found = await schedule.getHandle(houseScheduleId).describe();
    expect(found.spec.intervals?.map(({ every }) => every)).toEqual([540_000]);
    expect(found.action.args).toEqual([{ isDryRun: true }]);
    expect(found.state.paused).toBe(false);
    await scheduleHousekeeping(native, settings({ HOUSEKEEPING: 'off' }));
    expect((await schedule.getHandle(houseScheduleId).describe()).state.paused).toBe(true);
  });
});
