/** Whatever the documentation points at must exist: links, headings, paths of this project, npm scripts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Made by running the project, so a fresh checkout lacks them. */
const MADE_LATER = new Set(['dist', '.data', 'node_modules', 'coverage', '.git']);

const manifest = /** @type {{ scripts: Record<string, string> }} */ (
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
);
const topFolders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !MADE_LATER.has(entry.name))
  .map((entry) => entry.name.replaceAll('.', '\\.'));
const projectPath = new RegExp(`^(?:\\./)?(?:${topFolders.join('|')})/[^\\s]*$`);

const files = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].filter((file) => existsSync(join(root, file)));
for (const entry of readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })) {
  if (entry.endsWith('.md')) files.push(join('docs', entry));
}

const problems = files.flatMap((file) => problemsIn(file));
for (const problem of problems) console.error(problem);
console.log(`${files.length} documents, ${problems.length} dead references`);
if (problems.length > 0) process.exitCode = 1;

/**
 * @param {string} file
 * @returns {string[]}
 */
function problemsIn(file) {
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      [...deadLinks(file, line), ...deadPaths(line), ...deadCommands(line)].map(
        (what) => `${file}:${index + 1}: ${what}`,
      ),
    );
}

/**
 * @param {string} file
 * @param {string} line
 */
function deadLinks(file, line) {
  const targets = [...line.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
  return targets
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
    .flatMap((target) => {
      const [path = '', heading] = decodeURI(target).split('#');
      const full = path === '' ? join(root, file) : join(root, dirname(file), path);
      if (!existsSync(full)) return [`link to ${target}, which does not exist`];
      if (heading && full.endsWith('.md') && !headingsOf(full).has(heading)) {
        return [`link to #${heading}, which is no heading of ${relative(root, full)}`];
      }
      return [];
    });
}

/** Paths in code spans; of a pattern such as `src/domain/events/*.ts` the part before it. @param {string} line */
function deadPaths(line) {
  const spans = [...line.matchAll(/`([^`]+)`/g)].flatMap((match) => (match[1] ?? '').split(/\s+/));
  return spans
    .filter((span) => projectPath.test(span))
    .flatMap((span) => {
      const [fixed = ''] = span.replace(/[:#].*$/, '').split(/[*{<[]|\.\.\./);
      const path = fixed === span ? fixed : fixed.replace(/[^/]*$/, '');
      return existsSync(join(root, path)) ? [] : [`${span} does not exist`];
    });
}

/** @param {string} line */
function deadCommands(line) {
  const names = [...line.matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g)].map((match) => match[1] ?? '');
  const short = [...line.matchAll(/npm (test|start)\b/g)].map((match) => match[1] ?? '');
  return [...names, ...short]
    .filter((name) => manifest.scripts[name] === undefined)
    .map((name) => `npm script ${name} does not exist`);
}

/** As GitHub names them. @param {string} path */
function headingsOf(path) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const names = [...readFileSync(path, 'utf8').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map((match) => {
    const slug = (match[1] ?? '')
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set(names);
}
