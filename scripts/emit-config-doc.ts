import { type Variable } from '../src/config/variable.js';
import { variables } from '../src/config/variables.js';
import { emitFile } from './generated-file.js';

const INTRODUCTION = `# Configuration

<!-- Made by \`npm run docs:config\` from src/config/variables.ts; do not edit. -->

The environment is the only configuration. It is read once, at the start; a bad or missing value stops the start with
one line for each, which names the variable, what is wrong with it and an example. An empty value counts as absent.
A flag is \`1\` or \`true\`, \`0\` or \`false\`.

\`NODE_ENV=production\` needs \`DATABASE_URL\`, \`AUTH_SECRET\` and \`PUBLIC_URL\`, and refuses demo data (\`DEMO=1\`), demo keys,
the public sandbox secrets of the payment providers, and secrets that are short, defaults or placeholders.

Outside production \`AUTH_SECRET\` may be left out, also with \`DATABASE_URL\`: a random one is kept in \`DATA_DIR\`. Several nodes
that share a database but not a \`DATA_DIR\` must be given the same \`AUTH_SECRET\`, or they refuse each other's tokens.

The credentials of a provider belong together: all of them or none, unless \`DEMO=1\` fills the rest. They make the account
\`default\` of that provider; restaurants can have accounts of their own besides ([operations](operations.md)). \`BANK_BIN\`
and \`BANK_ACCOUNT\` need \`SEPAY_SECRET\`. \`SEPAY_SECRET\` alone verifies the notices of the bank's feed, and shows no codes to
pay with, for there is no account to name in them.

How nodes hear each other, by \`REDIS_URL\` or \`DATABASE_DIRECT_URL\`, is told in [operations](operations.md#several-nodes).

In this release \`RATE_LIMITS\` bounds only the streams that one credential holds open.
`;

const rows = Object.entries(variables).map(([name, spec]: [string, Variable<unknown>]) =>
  row(`\`${name}\``, spec.meaning, spec.unit ?? '', fallbackOf(spec), `\`${spec.example}\``),
);

await emitFile(
  'docs/configuration.md',
  [INTRODUCTION, row('Variable', 'Meaning', 'Unit', 'Default', 'Example'), '|---|---|---|---|---|', ...rows].join('\n'),
);

function fallbackOf(spec: Variable<unknown>): string {
  if (spec.fallbackText !== undefined) return spec.fallbackText;
  return `\`${typeof spec.fallback === 'boolean' ? Number(spec.fallback) : String(spec.fallback)}\``;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
