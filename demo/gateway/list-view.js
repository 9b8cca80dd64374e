import { el, providerNames } from './elements.js';
import { stateChip } from './order-view.js';
import { clock, money, say } from './texts.js';

/** All recent orders, and a bank's app for transfers. `onScan(fields)` begins a transfer. */
export function listView(orders, onScan) {
  return [
    el('h1', {}, say().orders),
    orders.length === 0 && el('p', { class: 'soft' }, say().none),
    el('ul', { class: 'orders' }, orders.map(row)),
    bankForm(onScan),
  ].filter((part) => part);
}

function row(order) {
  const id = `${order.provider}:${order.reference}`;
  return el(
    'li',
    {},
    el(
      'a',
      { class: `card item ${order.provider}`, href: `?order=${encodeURIComponent(id)}`, 'data-key': id },
      el(
        'span',
        { class: 'row' },
        el('strong', { class: 'provider' }, providerNames[order.provider]),
        stateChip(order),
      ),
      el(
        'span',
        { class: 'row' },
        el('code', {}, order.reference),
        el('strong', { class: 'sum' }, money(order.amount)),
      ),
      el('span', { class: 'soft' }, `${clock(order.created_at)} · ${order.description}`),
    ),
  );
}

function bankForm(onScan) {
  const field = (name, label, more = {}) =>
    el('label', {}, label, el('input', { name, autocomplete: 'off', 'data-key': `bank-${name}`, ...more }));
  const submit = (event) => {
    event.preventDefault();
    const { qr, reference, amount } = Object.fromEntries(new FormData(event.target));
    onScan({ qr: qr.trim(), reference: reference.trim(), amount: amount.replaceAll(/[.,\s₫]/g, '') });
  };
  return el(
    'form',
    { class: 'card bank sepay', onsubmit: submit },
    el('h2', {}, say().bank),
    el('p', { class: 'soft' }, say().bankHint),
    field('qr', say().qr),
    field('reference', say().message),
    field('amount', say().amount, { inputmode: 'numeric' }),
    el('button', { class: 'main', 'data-key': 'bank-scan' }, say().scan),
  );
}
