import { createHash } from 'node:crypto';
import { setImmediate as breath } from 'node:timers/promises';
import { invalid } from '../domain/rejection.js';
import { escapeHtml } from './escape-html.js';
import { qrSvg, wholeOption } from './qr-picture.js';
import type { Answer, RenderOption, RestHeader, RestRender } from './route.js';

const cardsAtOnce = 8;
const maxTitle = 60;

const titleOption: RenderOption = {
  name: 'title',
  description: `What stands over each code in place of the location's name, 1 to ${maxTitle} characters.`,
  schema: { type: 'string', minLength: 1, maxLength: maxTitle },
  read(text) {
    if (text === undefined) return undefined;
    const title = text.trim();
    if (title.length >= 1 && title.length <= maxTitle && !/\p{Cc}/u.test(title)) return title;
    throw invalid([{ path: 'title', message: `must be 1 to ${maxTitle} characters` }]);
  },
};

const columnsOption = wholeOption({ name: 'columns', description: 'Cards in a row', min: 1, max: 5, usual: 3 });

/** A page to print on A4 and cut up: every table of a location with its code. */
export const qrSheet: RestRender = {
  contentType: 'text/html; charset=utf-8',
  options: [titleOption, columnsOption],
  async toContent({ name, tables }, { title, columns }) {
    const cards: Card[] = [];
    for (const table of tables as readonly Answer[]) {
      cards.push(await cardOf(table));
      // A hall of tables takes a while to draw: others are served in between.
      if (cards.length % cardsAtOnce === 0) await breath();
    }
    return sheet({ title: String(title ?? name), columns: Number(columns) }, cards);
  },
};

interface Card {
  readonly name: string;
  /** The picture; undefined where the code cannot be printed again. */
  readonly picture: string | undefined;
}

async function cardOf({ name, qr_url: text }: Answer): Promise<Card> {
  return { name: String(name), picture: typeof text === 'string' ? await qrSvg(text) : undefined };
}

/** Millimetres: A4 within its margins, and how high a card of each width is, so that full rows fill the page. */
const paper = { margin: 8, width: 194, height: 281 } as const;
const rowsOfColumns: readonly number[] = [1, 2, 3, 4, 5];

const layouts = rowsOfColumns
  .map((columns) => {
    const width = paper.width / columns;
    const rows = Math.max(1, Math.floor(paper.height / (width * 1.36)));
    const height = Math.min(width * 1.5, (paper.height - 1) / rows);
    return `.c${columns} { --w: ${mm(width)}; --h: ${mm(height)}; grid-template-columns: repeat(${columns}, var(--w)); }`;
  })
  .join('\n');

const style = `
@page { size: A4; margin: ${paper.margin}mm; }
* { box-sizing: border-box; margin: 0; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { background: #eee; color: #111; font: 4mm/1.25 system-ui, "Noto Sans", sans-serif; }
main { display: grid; width: ${paper.width}mm; margin: 8mm auto; background: #fff; box-shadow: 0 0 0 ${paper.margin}mm #fff; }
${layouts}
section { position: relative; display: flex; flex-direction: column; align-items: center; justify-content: center; width: var(--w); height: var(--h); padding: calc(var(--w) * .045); overflow: hidden; break-inside: avoid; text-align: center; outline: .2mm dashed #999; outline-offset: -.1mm; }
h1 { font-size: calc(var(--w) * .064); font-weight: 500; letter-spacing: .02em; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
h2 { display: flex; align-items: center; justify-content: center; height: calc(var(--w) * .2); font-size: calc(var(--w) * .16); font-weight: 700; line-height: 1.1; max-width: 100%; overflow-wrap: anywhere; }
.long { font-size: calc(var(--w) * .08); }
svg, .none { width: calc(var(--w) * .8); height: calc(var(--w) * .8); flex: none; }
.none { display: flex; align-items: center; justify-content: center; border: .3mm solid #111; padding: calc(var(--w) * .06); font-size: calc(var(--w) * .05); }
p { margin-top: calc(var(--w) * .015); font-size: calc(var(--w) * .064); font-weight: 600; line-height: 1.2; }
p + p { margin: 0; font-size: calc(var(--w) * .054); font-weight: 400; color: #444; }
.empty { margin: 8mm auto; width: ${paper.width}mm; background: #fff; padding: 8mm; }
@media print {
  body { background: none; }
  main { margin: 0; box-shadow: none; }
}
`;

/** No script, nothing from elsewhere, and only this style. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export const sheetHeaders: readonly RestHeader[] = [
  { name: 'Content-Security-Policy', description: 'Lets the page do nothing but look.', valueOf: () => policy },
  { name: 'Cache-Control', description: '`no-store`: codes are credentials.', valueOf: () => 'no-store' },
];

function sheet(
  { title, columns }: { readonly title: string; readonly columns: number },
  cards: readonly Card[],
): string {
  const shown = cards.map((one) => card(title, one)).join('\n');
  const body =
    cards.length > 0
      ? `<main class="c${columns}">\n${shown}\n</main>`
      : '<div class="empty">Chưa có bàn · No tables yet</div>';
  return `<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
${body}
</html>
`;
}

function card(title: string, { name, picture }: Card): string {
  const size = name.length > 8 ? ' class="long"' : '';
  return `<section>
<h1>${escapeHtml(title)}</h1>
${picture?.trim() ?? '<div class="none" lang="en">This code cannot be printed again: rotate its token.</div>'}
<h2${size}>${escapeHtml(name)}</h2>
<p>Quét mã để gọi món</p>
<p lang="en">Scan to order</p>
</section>`;
}

function mm(length: number): string {
  return `${Math.floor(length * 100) / 100}mm`;
}
