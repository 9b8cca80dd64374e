import postgres from 'postgres';

/** Everything in schema `public` that a migration can make, one sorted line a thing, without the journal. */
export async function readCatalogue(url: string): Promise<readonly string[]> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    const rows = await sql<{ line: string }[]>`
      with things as (
        select format('%s %s options=%s rls=%s', relkind, relname, reloptions, relrowsecurity) as line
          from pg_class where relnamespace = 'public'::regnamespace and relname !~ '^migrations(_|$)'
        union all
        select format('column %s.%s %s notnull=%s default=%s generated=%s identity=%s', c.relname, a.attname,
                 format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attgenerated, attidentity)
          from pg_attribute a join pg_class c on c.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
          where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped and c.relname !~ '^migrations(_|$)'
        union all
        select format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
          from pg_constraint where connamespace = 'public'::regnamespace and conrelid::regclass::text <> 'migrations'
        union all
        select format('index %s', indexdef) from pg_indexes where schemaname = 'public' and tablename <> 'migrations'
        union all
        select format('function %s', pg_get_functiondef(oid))
          from pg_proc where pronamespace = 'public'::regnamespace and prokind <> 'a'
        union all
        select format('trigger %s', pg_get_triggerdef(t.oid)) from pg_trigger t where not tgisinternal
        union all
        select format('type %s %s %s', typname, typtype, format_type(typbasetype, typtypmod))
          from pg_type where typnamespace = 'public'::regnamespace and typname !~ '^_?migrations$'
        union all
        select format('label %s.%s', enumtypid::regtype, enumlabel) from pg_enum
        union all
        select format('view %s %s', viewname, definition) from pg_views where schemaname = 'public'
        union all
        select format('extension %s', extname) from pg_extension
      )
      select line from things order by line collate "C"`;
    return rows.map(({ line }) => line);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
