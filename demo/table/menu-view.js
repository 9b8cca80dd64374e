import { el } from './elements.js';
import { money, say } from './texts.js';

/** The menu by its headings. A dish with options opens a sheet; the others are added by one tap on +. */
export function menuView(menu, { onAdd, onOpen }) {
  const headings = Map.groupBy ? Map.groupBy(menu.items, (item) => item.category) : grouped(menu.items);
  return [...headings].flatMap(([category, items]) => [
    el('h2', {}, category),
    ...items.map((item) => dish(item, menu, { onAdd, onOpen })),
  ]);
}

function dish(item, { currency, ordering }, { onAdd, onOpen }) {
  const canOrder = item.available && ordering === 'open';
  const isPlain = item.option_groups.length === 0;
  return el(
    'div',
    { class: 'card' },
    el(
      'button',
      { class: 'text', style: { 'text-align': 'start' }, disabled: !canOrder, onclick: () => onOpen(item) },
      el('div', { class: 'name' }, item.name),
      el('div', { class: 'soft' }, item.available ? (item.description ?? '') : say().soldOut),
    ),
    el('span', { class: 'price' }, money(item.price, currency)),
    el(
      'button',
      {
        class: 'plus',
        'aria-label': say().more(item.name),
        disabled: !canOrder,
        onclick: () => (isPlain ? onAdd({ menu_item_id: item.menu_item_id, quantity: 1 }) : onOpen(item)),
      },
      '+',
    ),
  );
}

function grouped(items) {
  const groups = new Map();
  for (const item of items) groups.set(item.category, [...(groups.get(item.category) ?? []), item]);
  return groups;
}
