import { el } from './elements.js';
import { money, say } from './texts.js';

/** Options, note and quantity of one dish. */
export function openDishSheet(sheet, { item, currency }, onAdd) {
  let quantity = 1;
  const count = el('output', { 'aria-live': 'polite' }, '1');
  const step = (by) => {
    quantity = Math.min(99, Math.max(1, quantity + by));
    count.value = String(quantity);
  };
  const form = el(
    'form',
    {
      method: 'dialog',
      onsubmit: () => {
        const data = new FormData(form);
        const options = item.option_groups.flatMap((_, index) => data.getAll(`group-${index}`));
        const note = String(data.get('note')).trim();
        onAdd({ menu_item_id: item.menu_item_id, quantity, options, ...(note ? { note } : {}) });
      },
    },
    el(
      'div',
      { class: 'row' },
      el('h1', { id: 'sheet-title' }, item.name),
      el('button', { type: 'button', 'aria-label': say().close, onclick: () => sheet.close() }, '✕'),
    ),
    el('p', { class: 'soft' }, item.description ?? ''),
    item.option_groups.map((group, index) => optionGroup(group, index, currency)),
    el('label', {}, say().note, el('input', { type: 'text', name: 'note', maxlength: '200', autocomplete: 'off' })),
    el(
      'div',
      { class: 'row' },
      el(
        'div',
        { class: 'steps' },
        el(
          'button',
          { type: 'button', class: 'plus', 'aria-label': say().less(item.name), onclick: () => step(-1) },
          '−',
        ),
        count,
        el(
          'button',
          { type: 'button', class: 'plus', 'aria-label': say().more(item.name), onclick: () => step(1) },
          '+',
        ),
      ),
      el('button', { class: 'main' }, say().add),
    ),
  );
  sheet.replaceChildren(form);
  sheet.showModal();
}

function optionGroup({ name, min, max, options }, index, currency) {
  const isSingle = max === 1 && min === 1;
  const limit = (event) => {
    const boxes = [...event.currentTarget.querySelectorAll('input')];
    const isFull = boxes.filter((box) => box.checked).length >= max;
    for (const box of boxes) if (!isSingle) box.disabled = isFull && !box.checked;
  };
  return el(
    'fieldset',
    { onchange: limit },
    el('legend', {}, name, ' ', el('span', { class: 'soft' }, isSingle ? say().choose(1) : say().upTo(max))),
    options.map((option, position) =>
      el(
        'label',
        { class: 'option' },
        el('input', {
          type: isSingle ? 'radio' : 'checkbox',
          name: `group-${index}`,
          value: option.option_id,
          required: isSingle,
          checked: isSingle && position === 0,
          disabled: !option.available,
        }),
        el('span', {}, option.name),
        el('span', { class: 'soft' }, option.price === 0 ? '' : `+${money(option.price, currency)}`),
      ),
    ),
  );
}
