import type { LocationId } from '../domain/ids.js';
import { menuLimits } from '../domain/menu-edit.js';
import { checkedMenu, type FileError, type MenuFile } from '../domain/menu-file.js';
import { importedMenu, type ImportedMenu } from '../domain/menu-import.js';
import { Rejection } from '../domain/rejection.js';
import type { Scope } from '../domain/scope.js';
import { changeMenu, menuPlace, ownMenu } from './change-menu.js';
import type { Deps } from './deps.js';
import { readMenuCsv } from './read-menu-csv.js';
import { readMenuJson } from './read-menu-json.js';

export interface WantedImport {
  readonly locationId: LocationId;
  readonly format: 'csv' | 'json';
  readonly content: string;
  /** Tells what would happen, and does nothing. */
  readonly isDryRun: boolean;
  /** What is not in the file goes. */
  readonly replace: boolean;
}

/** What a file has made of a menu, or would make of it. */
export interface ImportReport {
  readonly counts: ImportedMenu['counts'];
  readonly errors: readonly FileError[];
}

const maxBytes = 1_000_000;
/** More are not told at once. */
const maxErrors = 100;

/**
 * Makes of a menu what a file says, by a manager: all of it in one statement, or nothing. With errors a dry run tells them, and
 * a real one is VALIDATION_FAILED.
 */
export async function importMenu(deps: Deps, scope: Scope, wanted: WantedImport): Promise<ImportReport> {
  const place = menuPlace(scope, wanted.locationId);
  const { file, errors } = readFile(wanted);
  const { replace, isDryRun } = wanted;
  const decide = (now: Parameters<typeof importedMenu>[0]): ImportedMenu => {
    const imported = importedMenu(now, file, { replace, newId: deps.newId });
    return { ...imported, errors: sorted([...errors, ...imported.errors]) };
  };
  if (isDryRun) return reportOf(decide(await ownMenu(deps, place)));
  const imported = await changeMenu(deps, place, (now) => {
    const decided = decide(now);
    if (decided.errors.length > 0) throw refusal(decided.errors);
    return decided;
  });
  return reportOf(imported);
}

function reportOf({ counts, errors }: ImportedMenu): ImportReport {
  return { counts, errors: errors.slice(0, maxErrors) };
}

function readFile({ format, content }: WantedImport): {
  readonly file: MenuFile;
  readonly errors: readonly FileError[];
} {
  if (Buffer.byteLength(content) > maxBytes) throw new Rejection('PAYLOAD_TOO_LARGE', 'a menu may have at most 1 MB');
  const raw = format === 'csv' ? readMenuCsv(content) : readMenuJson(content);
  if (raw.items.length > menuLimits.items)
    throw refusal([{ line: null, path: '', message: `a menu has at most ${menuLimits.items} items` }]);
  return checkedMenu(raw);
}

/** In the order of the file; about the whole first. */
function sorted(errors: readonly FileError[]): readonly FileError[] {
  return errors.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function refusal(errors: readonly FileError[]): Rejection {
  const [first] = errors;
  const at = first?.line == null ? '' : `line ${first.line}, `;
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors, the first one`;
  const detail = `the file has ${count}: ${at}${first?.path || 'the file'}: ${first?.message}`;
  return new Rejection('VALIDATION_FAILED', detail, { errors: errors.slice(0, maxErrors) });
}
