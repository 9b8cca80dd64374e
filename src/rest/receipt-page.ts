import { createHash } from 'node:crypto';
import { amountText } from '../domain/money-text.js';
import { invalid } from '../domain/rejection.js';
import { escapeHtml } from './escape-html.js';
import { type ReceiptLanguage, receiptLanguages, receiptWords, type ReceiptWords } from './receipt-words.js';
import type { Answer, RenderOption, RestHeader, RestRender } from './route.js';

const languageOption: RenderOption = {
  name: 'language',
  description: 'The words around the bill: `vi`, or `en`.',
  schema: { type: 'string', enum: [...receiptLanguages], default: 'vi' },
  read(text = 'vi') {
    const language = receiptLanguages.find((one) => one === text);
    if (!language) throw invalid([{ path: 'language', message: 'must be vi or en' }]);
    return language;
  },
};

/** A page for a phone, and for a roll of 80 mm: the bill of a visit. */
export const receiptPage: RestRender = {
  contentType: 'text/html; charset=utf-8',
  options: [languageOption],
  toContent: async (answer, { language }) => page(receiptOf(answer), language as ReceiptLanguage),
};

/** The document `Receipt` selects just these members, and the option's `read` gives just these languages. */
function receiptOf(answer: Answer): Receipt {
  return answer as unknown as Receipt;
}

/** The data of the document `Receipt`. */
interface Receipt {
  readonly restaurant: string;
  readonly table: string | null;
  readonly timezone: string;
  readonly opened_at: string;
  readonly ended_at: string | null;
  readonly payments: readonly {
    readonly method: string;
    readonly amount: number;
    readonly refunded: number;
    readonly reference_end: string | null;
  }[];
  readonly bill: Bill;
}

interface Bill {
  readonly currency: string;
  readonly items: readonly Item[];
  readonly subtotal: number;
  readonly discount: number;
  readonly surcharge: number;
  readonly service_charge: number;
  readonly tax: number;
  readonly tax_inclusive: boolean;
  readonly adjustments: readonly { readonly kind: string; readonly reason: string }[];
  readonly total: number;
  readonly due: number;
}

interface Item {
  readonly name: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly options: readonly { readonly name: string; readonly price: number }[];
  readonly line_total: number;
  readonly state: string;
}

const style = `
@page { margin: 4mm 3mm; }
* { box-sizing: border-box; margin: 0; }
:root { color-scheme: light; }
body { background: #eee; color: #000; font: 16px/1.4 system-ui, "Noto Sans", sans-serif; }
main { max-width: 24rem; margin: 0 auto; padding: 1.25rem 1rem 1.5rem; background: #fff; min-height: 100vh; overflow-wrap: anywhere; }
header, footer { text-align: center; }
h1 { font-size: 1.3em; line-height: 1.25; }
header p { margin-top: .15em; }
dl, section { margin-top: .8em; padding-top: .6em; border-top: 1px dashed #000; }
dl { font-size: .9em; }
div { display: flex; justify-content: space-between; gap: 1em; }
dd, span { min-width: 0; }
dd, b, .n { font-variant-numeric: tabular-nums; text-align: right; }
dt, b, .n { white-space: nowrap; flex: none; }
ul { list-style: none; padding: 0; }
li + li { margin-top: .45em; }
small { display: block; font-size: .85em; padding-left: 1.2em; }
.total { font-size: 1.25em; font-weight: 700; }
.stamp { display: inline-block; border: 2px solid; border-radius: .3em; padding: .1em .7em; margin-top: .6em; font-weight: 700; text-transform: uppercase; }
footer { margin-top: 1em; font-size: .9em; }
footer small { padding: 0; }
@media print {
  body { background: none; font-size: 3.4mm; }
  main { width: 72mm; max-width: 100%; margin: 0; padding: 0; min-height: 0; }
  li, div { break-inside: avoid; }
}
`;

/** No script, nothing from elsewhere, and only this style. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const header = (name: string, value: string, description: string): RestHeader => ({
  ...{ name, description, valueOf: () => value },
});

export const receiptHeaders: readonly RestHeader[] = [
  header('Content-Security-Policy', policy, 'Lets the page do nothing but look.'),
  header('Cache-Control', 'private, no-store', '`private, no-store`: it is as it is now.'),
  header('X-Robots-Tag', 'noindex', '`noindex`'),
  header('Referrer-Policy', 'no-referrer', '`no-referrer`: its address may have a ticket.'),
];

interface Looks {
  readonly words: ReceiptWords;
  readonly money: (amount: number) => string;
  readonly time: (at: string) => string;
}

function page(receipt: Receipt, language: ReceiptLanguage): string {
  const { restaurant, table, opened_at: opened, ended_at: ended, bill } = receipt;
  const words = receiptWords[language];
  const money = (amount: number) => amountText(amount, bill.currency, language);
  const looks = { words, money, time: timeIn(receipt.timezone, language) };
  const isPaid = bill.total > 0 && bill.due <= 0;
  const title = isPaid ? words.receipt : words.bill;
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${escapeHtml(restaurant)}</title>
<style>${style}</style>
<main>
<header>
<h1>${escapeHtml(restaurant)}</h1>
<p>${title}</p>
</header>
<dl>
${table === null ? '' : row(words.table, escapeHtml(table))}${row(words.opened, looks.time(opened))}${ended === null ? '' : row(words.ended, looks.time(ended))}</dl>
<section>
<ul>
${itemsOf(bill, looks)}
</ul>
</section>
<section>
${sumsOf(bill, looks)}</section>
${paymentsOf(receipt, looks)}<footer>
${isPaid ? `<p class="stamp">${words.paidInFull}</p>\n` : ''}<p>${words.thanks}</p>
<small>${words.notTaxInvoice}</small>
</footer>
</main>
</html>
`;
}

/** Both are text that may stand in a page. */
function row(label: string, value: string): string {
  return `<div><dt>${label}</dt><dd>${value}</dd></div>\n`;
}

function itemsOf({ items }: Bill, { words, money }: Looks): string {
  const shown = items.filter(({ state }) => state.toLowerCase() !== 'cancelled');
  if (shown.length === 0) return `<li>${words.empty}</li>`;
  return shown
    .map((item) => {
      const { name, quantity, options, unit_price: price } = item;
      const each = quantity > 1 || options.some((option) => option.price !== 0) ? `<small>${money(price)}</small>` : '';
      const chosen = options.map(
        (option) =>
          `<small>+ ${escapeHtml(option.name)}${option.price === 0 ? '' : `, ${money(option.price)}`}</small>`,
      );
      const line = `<div><span>${quantity} × ${escapeHtml(name)}</span><span class="n">${money(item.line_total)}</span></div>`;
      return `<li>${line}${each}${chosen.join('')}</li>`;
    })
    .join('\n');
}

/** The reason that the server gives for making a cash total round. */
const serversOwn = 'cash rounding';

function sumsOf(bill: Bill, { words, money }: Looks): string {
  const { subtotal, discount, surcharge, service_charge: service, tax, tax_inclusive: isIncluded, total } = bill;
  const reasons = (kind: string) =>
    bill.adjustments
      .filter((one) => one.kind.toLowerCase() === kind)
      .map(({ reason }) => `<small>${reason === serversOwn ? words.rounding : escapeHtml(reason)}</small>`)
      .join('');
  const isMoved = discount !== 0 || surcharge !== 0 || service !== 0 || (tax !== 0 && !isIncluded);
  const sum = (label: string, amount: number, more = '') =>
    amount === 0 ? '' : `<div><span>${label}${more}</span><span class="n">${money(amount)}</span></div>\n`;
  return [
    isMoved ? sum(words.subtotal, subtotal) : '',
    sum(words.discount, -discount, reasons('discount')),
    sum(words.surcharge, surcharge, reasons('surcharge')),
    sum(words.service, service),
    isIncluded ? '' : sum(words.tax, tax),
    `<div class="total"><span>${words.total}</span><b>${money(total)} ${sign(bill.currency)}</b></div>\n`,
    isIncluded ? sum(words.includedTax, tax) : '',
  ].join('');
}

function paymentsOf({ payments, bill }: Receipt, { words, money }: Looks): string {
  const { due, total, currency } = bill;
  const rows = payments.map(({ method, amount, refunded, reference_end: end }) => {
    const reference = end === null ? '' : ` …${escapeHtml(end)}`;
    const back =
      refunded === 0 ? '' : `<div><small>${words.refunded}</small><span class="n">${money(-refunded)}</span></div>\n`;
    return `<div><span>${words.methods[method.toUpperCase()] ?? escapeHtml(method)}${reference}</span><span class="n">${money(amount)}</span></div>\n${back}`;
  });
  const rest = due > 0 ? ([words.due, due] as const) : due < 0 ? ([words.overpaid, -due] as const) : undefined;
  if (rest && (total > 0 || due !== 0)) {
    rows.push(`<div class="total"><span>${rest[0]}</span><b>${money(rest[1])} ${sign(currency)}</b></div>\n`);
  }
  return rows.length === 0 ? '' : `<section>\n${rows.join('')}</section>\n`;
}

function sign(currency: string): string {
  return currency === 'VND' ? '₫' : escapeHtml(currency);
}

/** By the clock on the restaurant's wall. */
function timeIn(timezone: string, language: ReceiptLanguage): (at: string) => string {
  const locale = language === 'vi' ? 'vi-VN' : 'en-GB';
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short', timeZone });
  // Postgres knows more names of zones than we do.
  const known = (() => {
    try {
      return format(timezone);
    } catch {
      return format('UTC');
    }
  })();
  return (at) => known.format(new Date(at));
}
