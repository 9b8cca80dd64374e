import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { removeData } from '../src/db/embedded/data-home.js';
import { startEmbedded } from '../src/db/embedded/start-embedded.js';
import { migrateUp } from '../src/db/migrate.js';
import { emitFile } from './generated-file.js';

const INTRODUCTION = `# Database

<!-- Made by \`npm run docs:database\` from the catalogue of a migrated database; do not edit. -->

The tables as the migrations in \`drizzle/\` leave them.
`;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly fallback: string | null;
  readonly comment: string | null;
}

interface Part {
  readonly table: string;
  readonly text: string;
}

interface Table {
  readonly name: string;
  readonly comment: string | null;
}

await emitFile('docs/database.md', await onMigratedDatabase(describe));

/** Always the embedded server, whatever DATABASE_URL says: another version would print the catalogue its own way. */
async function onMigratedDatabase<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'qr-session-doc-'));
  try {
    const server = await startEmbedded({ dataDir, log: () => {}, settings: { fsync: 'off' } });
    try {
      await migrateUp(server.url, { log: () => {} });
      const sql = postgres(server.url, { max: 1, onnotice: () => {} });
      return await work(sql).finally(() => sql.end({ timeout: 5 }));
    } finally {
      await server.stop();
    }
  } finally {
    await removeData(dataDir);
  }
}

async function describe(sql: postgres.Sql): Promise<string> {
  const tables = await sql<Table[]>`
    SELECT relname AS name, obj_description(oid, 'pg_class') AS comment
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
     ORDER BY relname COLLATE "C"`;
  const columns = await sql<Column[]>`
    SELECT relname AS table, attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required,
           pg_get_expr(adbin, adrelid) AS fallback, col_description(attrelid, attnum) AS comment
      FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
     ORDER BY attnum`;
  const constraints = await sql<Part[]>`
    SELECT relname AS table, format('\`%s\` %s', conname, pg_get_constraintdef(k.oid)) AS text
      FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
     WHERE relnamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f', 'c', 'x')
     ORDER BY array_position('{p,u,f,c,x}'::"char"[], contype), conname COLLATE "C"`;
  const indexes = await sql<Part[]>`
    SELECT c.relname AS table,
           format('\`%s\` %s', i.relname, regexp_replace(pg_get_indexdef(x.indexrelid), ' INDEX .* USING ', ' USING ')) AS text
      FROM pg_index x JOIN pg_class c ON c.oid = indrelid JOIN pg_class i ON i.oid = indexrelid
     WHERE c.relnamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
     ORDER BY i.relname COLLATE "C"`;
  const triggers = await sql<Part[]>`
    SELECT relname AS table, format('\`%s\`', pg_get_triggerdef(t.oid)) AS text
      FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
     WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal
     ORDER BY tgname COLLATE "C"`;
  const sections = tables.map((table) => {
    const own = <T extends { readonly table: string }>(parts: readonly T[]): readonly T[] =>
      parts.filter((part) => part.table === table.name);
    return [
      `## ${table.name}`,
      '',
      ...(table.comment === null ? [] : [table.comment, '']),
      ...columnTable(own(columns)),
      ...list('Constraints', own(constraints)),
      ...list('Indexes', own(indexes)),
      ...list('Triggers', own(triggers)),
    ].join('\n');
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function columnTable(columns: readonly Column[]): readonly string[] {
  const rows = columns.map(({ name, type, required, fallback, comment }) =>
    row([`\`${name}\``, type, required ? '' : 'null', fallback === null ? '' : `\`${fallback}\``, comment ?? '']),
  );
  return ['| Column | Type | May be | Default | Meaning |', '|---|---|---|---|---|', ...rows, ''];
}

function list(title: string, parts: readonly Part[]): readonly string[] {
  return parts.length === 0 ? [] : [`${title}:`, '', ...parts.map(({ text }) => `- ${text}`), ''];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
