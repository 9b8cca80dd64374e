import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const setupFiles = ['tests/support/leak-check.ts'];

/** What needs a Redis: a project only where there is one. */
const redisProject: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'redis',
    include: ['tests/redis/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    setupFiles,
  },
};

/**
 * Three projects: `unit` needs nothing at all; `database` shares one server and clones a migrated template from it; `e2e`
 * starts what a user starts, after the others and one file at a time, because it measures. With REDIS_TEST_URL a fourth.
 */
export default defineConfig({
  // graphql has two builds; without this, tests get its ES modules while the packages in node_modules get the others.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // A test that hangs must name itself long before CI gives up on the whole run.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], setupFiles },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['tests/{integration,api,faults}/**/*.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          setupFiles,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/support/build-if-stale.ts'],
          setupFiles,
          testTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      ...(process.env.REDIS_TEST_URL ? [redisProject] : []),
    ],
  },
});
