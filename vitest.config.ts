// One project per kind of test; `npm test` runs them all, `npm run check` the unit tests.
import { defineConfig } from 'vitest/config';

type ProjectOptions = {
  readonly timeoutMs: number;
  readonly setup?: string;
  /** Run in each test file. */
  readonly setupEach?: string;
  readonly isParallel: boolean;
  readonly isIsolated?: boolean;
};

const project = (name: string, options: ProjectOptions) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    // All but `npm run test:faults` leave out what mostly waits for bounds to pass.
    exclude: process.env.FAULTS === 'all' ? [] : ['tests/faults/*.long.test.ts'],
    testTimeout: options.timeoutMs,
    hookTimeout: Math.max(options.timeoutMs, 120_000),
    fileParallelism: options.isParallel,
    isolate: options.isIsolated ?? true,
    ...(options.setup === undefined ? {} : { globalSetup: [options.setup] }),
    ...(options.setupEach === undefined ? {} : { setupFiles: [options.setupEach] }),
  },
});

export default defineConfig({
  test: {
    // The default leaves one core idle, which on two cores doubles the time.
    maxWorkers: '100%',
    projects: [
      // Files share their modules, which would else be loaded again for each of them.
      project('unit', { timeoutMs: 10_000, isParallel: true, isIsolated: false }),
      // Our own programs, threads and bounds of time, each by itself, without servers.
      project('programs', { timeoutMs: 30_000, isParallel: true }),
      project('render', { timeoutMs: 180_000, isParallel: true }),
      project('abuse', { timeoutMs: 180_000, isParallel: true }),
      project('workflow', {
        timeoutMs: 120_000,
        isParallel: false,
        setup: './tests/support/temporal-setup.ts',
        setupEach: './tests/support/empty-temporal.ts',
      }),
      project('integration', {
        timeoutMs: 120_000,
        isParallel: false,
        setup: './tests/support/postgres-setup.ts',
      }),
      project('faults', { timeoutMs: 180_000, isParallel: false }),
      project('e2e', { timeoutMs: 300_000, isParallel: false, setup: './tests/support/stack-setup.ts' }),
    ],
  },
});
