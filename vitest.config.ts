import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const setupFiles = ['tests/support/leak-check.ts'];

/** Two projects: `unit` needs nothing at all; `database` shares one server and clones a migrated template from it. */
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
          include: ['tests/{integration,api,e2e,faults}/**/*.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          setupFiles,
        },
      },
    ],
  },
});
