import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const SRC = 'src/**/*.ts';
const ENV_READERS = ['src/config.ts', 'src/main.ts', 'src/db/cli.ts', 'src/verify-log.ts'];
/** Tools and migrations only: in the serving path every write is one statement. */
const MAY_BEGIN = [
  'src/db/migrate*.ts',
  'src/db/migrations/**',
  'src/db/backup*.ts',
  'src/db/restore*.ts',
  'src/db/tools/**',
];

const begin = {
  selector: 'CallExpression[callee.property.name=/^(begin|transaction)$/]',
  message: 'No transaction in the serving path: write it as one statement.',
};

export default defineConfig(
  {
    ignores: [
      '**/*.cjs',
      'dist/',
      'coverage/',
      'demo/table/',
      'demo/gateway/',
      'node_modules/',
      '.data/',
      '**/generated/**',
      '**/__generated__/**',
    ],
  },
  tseslint.configs.recommendedTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { project: ['tsconfig.test.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-duplicate-imports': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An async function without `await` is often the simplest way to keep a promised signature.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: [SRC],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      'no-console': 'error',
    },
  },
  {
    files: [SRC],
    ignores: ENV_READERS,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['process', 'node:process'].map((name) => ({
            name,
            importNames: ['env'],
            message: 'Only src/config.ts reads the environment.',
          })),
        },
      ],
    },
  },
  { files: [SRC], ignores: MAY_BEGIN, rules: { 'no-restricted-syntax': ['error', begin] } },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        begin,
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The core has no clock.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The core has no clock.' },
        { object: 'performance', property: 'now', message: 'The core has no clock.' },
        { object: 'Math', property: 'random', message: 'The core has no randomness.' },
        { object: 'process', property: 'env', message: 'Only src/config.ts reads the environment.' },
      ],
      'no-restricted-globals': ['error', 'process', 'crypto', 'fetch', 'setTimeout', 'setInterval', 'setImmediate'],
    },
  },
  {
    // Lists by nature: their length says nothing about their difficulty.
    files: ['src/db/tables/**/*.ts', 'src/rest/routes*.ts', 'src/rest/routes/**/*.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  { files: ['src/main.ts', 'src/db/cli.ts', 'src/verify-log.ts'], rules: { 'no-console': 'off' } },
  { files: ['scripts/**/*.mjs'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  {
    files: ['demo/{dinner,evening}/**/*.mjs'],
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      '@typescript-eslint/max-params': ['error', { max: 3 }],
    },
  },
  {
    // Those who look at the server from outside get untyped JSON.
    files: ['tests/**/*.ts', 'bench/**/*.ts', 'demo/{dinner,evening}/**/*.mjs'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
