import { el, nameTag } from './elements.js';
import { serviceButtons } from './service-view.js';
import { money, say } from './texts.js';

/** The shared cart: who added what, how to change it, and what is due. Any phone of the table may change any draft line. */
export function cartView(snapshot, { ownId, canChange, known }, { tap, onPay }) {
  const people = snapshot.devices
    .filter(({ state }) => state !== 'removed')
    .map(({ device_id, name }) => el('li', {}, nameTag({ id: device_id, name }, ownId, say().me)));
  if (snapshot.items.length === 0)
    return [
      ...[el('ul', { class: 'people' }, people), el('p', { class: 'soft' }, say().empty)],
      canChange && serviceButtons(snapshot, tap),
    ].filter(Boolean);
  const drafts = snapshot.items.filter(({ state }) => state === 'draft').length;
  return [
    el('ul', { class: 'people' }, people),
    el('h2', {}, say().cart),
    ...snapshot.items.map((line) =>
      lineCard(line, { ownId, canChange, isNew: !known.has(line.line_id), currency: snapshot.currency }, tap),
    ),
    ...bill(snapshot, ownId),
    canChange &&
      drafts > 0 &&
      el('button', { class: 'main wide', onclick: () => tap('submit_round', {}) }, say().send(drafts)),
    canChange && serviceButtons(snapshot, tap),
    snapshot.due > 0 && el('button', { class: 'main wide', onclick: onPay }, say().pay),
  ].filter(Boolean);
}

/** The total; once somebody pays, also what is paid, what is due, and who is paying right now. */
function bill({ total, paid, due, claims, devices, currency }, ownId) {
  const row = (text, amount, name = 'row sum') =>
    el('div', { class: name }, el('span', {}, text), el('span', { class: 'price' }, money(amount, currency)));
  const nameOf = (id) => devices.find(({ device_id }) => device_id === id)?.name ?? '?';
  return [
    row(say().total, total, 'row total'),
    ...claims.map(({ device_id, amount }) =>
      row(say().paying(device_id === ownId ? say().me : nameOf(device_id)), amount, 'row sum soft'),
    ),
    ...(paid === 0 ? [] : [row(say().paid, paid), row(say().due, due)]),
  ];
}

function lineCard(line, { ownId, canChange, isNew, currency }, tap) {
  const { line_id, name, quantity, options, note, line_total, added_by, state } = line;
  const details = [...options.map((option) => option.name), ...(note ? [`“${note}”`] : [])].join(', ');
  const isDraft = canChange && state === 'draft';
  const button = (text, label, onclick) =>
    el('button', { class: 'plus', 'aria-label': label(name), disabled: !isDraft, onclick }, text);
  return el(
    'div',
    { class: isNew ? 'card new' : 'card' },
    el(
      'div',
      { class: 'text' },
      el('div', { class: 'name' }, name),
      el('div', { class: 'soft' }, details),
      nameTag(added_by, ownId, say().me),
      ' ',
      el('span', { class: 'price soft' }, money(line_total, currency)),
      ' ',
      el('span', { class: `state ${state}` }, say().states[state]),
    ),
    el(
      'div',
      { class: 'steps' },
      quantity > 1
        ? button('−', say().less, () => tap('modify_qty', { line_id, delta: -1 }))
        : button('✕', say().remove, () => tap('remove_item', { line_id })),
      el('output', {}, String(quantity)),
      button('+', say().more, () => tap('modify_qty', { line_id, delta: 1 })),
    ),
  );
}
