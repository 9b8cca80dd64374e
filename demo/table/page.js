import { cartView } from './cart-view.js';
import { openDishSheet } from './dish-sheet.js';
import { el } from './elements.js';
import { menuView } from './menu-view.js';
import { openPaySheet } from './pay-sheet.js';
import { knownSeat, lastSeat, scannedCode, sitDown } from './seat.js';
import { joinTable } from './table.js';
import { currentLanguage, money, say, switchLanguage } from './texts.js';

/** The guest's page: scan, sit down, order together, pay. */
const [top, banner, main, tabs, sheet] = ['top', 'banner', 'main', 'tabs', 'sheet'].map((id) =>
  document.getElementById(id),
);
let table;
let tab = 'menu';
let notice = '';
let known = new Set();

addEventListener('hashchange', () => location.reload());
await start().catch((error) => show(el('p', {}, error.code ? say().badCode : say().offline)));

async function start() {
  const code = scannedCode();
  drawTop();
  const seat = code ? await knownSeat(code) : await lastSeat();
  // Who comes without a code comes back from paying.
  if (!code) tab = 'cart';
  if (seat) await enter(seat);
  else if (code) askName(code);
  else show(el('p', {}, say().noCode));
}

function askName(code) {
  const name = el('input', {
    type: 'text',
    name: 'name',
    required: true,
    maxlength: '60',
    autocomplete: 'given-name',
    value: localStorage.getItem('qr-session:name') ?? '',
  });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await enter(await sitDown(code, name.value.trim()));
    } catch (error) {
      tellUser(error.code ? say().badCode : say().offline);
    }
  };
  show(
    el(
      'form',
      { onsubmit: submit },
      el('h2', {}, say().hello),
      el('label', {}, say().yourName, name),
      el('button', { class: 'main wide' }, say().sit),
    ),
  );
}

async function enter(seat) {
  const onRefused = ({ code, message }) => tellUser(code === 'UNAUTHENTICATED' ? say().ended : message);
  const onMoved = (name) => tellUser(say().moved(name));
  table = await joinTable(seat, { onChange: draw, onRefused, onMoved });
  known = new Set(table.snapshot.items.map((line) => line.line_id));
  draw();
}

function draw() {
  if (!table?.snapshot) return;
  const { snapshot, menu, seat, outbox, location: place } = table;
  const isOpen = snapshot.status === 'open';
  const tap = (type, payload) => {
    notice = '';
    outbox.tap(type, payload);
  };
  const onAdd = (payload) => tap('add_item', payload);
  document.title = place.name;
  drawTop(table.name ? `${place.name} · ${table.name}` : place.name);
  drawBanner(snapshot.status);
  const focused = document.activeElement?.getAttribute('aria-label');
  if (tab === 'menu') {
    const closed = { ...menu, ordering: isOpen ? menu.ordering : 'paused' };
    show(
      ...menuView(closed, { onAdd, onOpen: (item) => openDishSheet(sheet, { item, currency: menu.currency }, onAdd) }),
    );
  } else {
    const onPay = () => openPaySheet(sheet, { seat, snapshot: table.snapshot });
    show(...cartView(snapshot, { ownId: seat.deviceId, canChange: isOpen, known }, { tap, onPay }));
    known = new Set(snapshot.items.map((line) => line.line_id));
  }
  // A redraw must not take the keyboard's place away.
  if (focused) document.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
  const count = snapshot.items.reduce((sum, { quantity }) => sum + quantity, 0);
  tabs.hidden = false;
  tabs.replaceChildren(
    tabButton('menu', say().menu),
    tabButton('cart', `${say().cart} · ${count} · ${money(snapshot.total, snapshot.currency)}`),
  );
}

function drawTop(name = 'QR Session') {
  document.documentElement.lang = currentLanguage();
  const onclick = () => {
    switchLanguage();
    if (table) draw();
    else location.reload();
  };
  top.replaceChildren(el('h1', {}, name), el('button', { class: 'soft', onclick }, say().other));
}

function drawBanner(status) {
  const { isOnline, outbox } = table;
  const sending = outbox.size > 0 ? say().waiting(outbox.size) : '';
  const ended = status === 'paid' ? say().paidUp : say().ended;
  const text = status !== 'open' ? ended : !isOnline ? say().offline : sending || notice;
  banner.hidden = text === '';
  banner.textContent = text;
}

function tellUser(text) {
  notice = text;
  banner.hidden = false;
  banner.textContent = text;
}

function tabButton(name, text) {
  const onclick = () => {
    tab = name;
    draw();
    main.focus();
    scrollTo(0, 0);
  };
  return el('button', { onclick, 'aria-current': tab === name ? 'page' : undefined }, text);
}

function show(...content) {
  main.replaceChildren(...content);
}
