import { blankFloor, floorEffects, floorOf, lineOf, setLine } from './fold-floor.mjs';
import { blankMoney, moneyEffects, moneyOf } from './fold-money.mjs';

/** @import { Line, LogEvent, Snapshot } from '../types.js' */
/** @import { OpenLine } from './fold-floor.mjs' */

/**
 * The bill that a log means. Written from the documentation alone and sharing nothing with the server, so that the two
 * can be held against each other. It knows what the demo restaurant uses: no tax, no service charge, no paying first.
 * @param {{ sessionId: string, tenantId: string }} session
 * @param {readonly LogEvent[]} log
 * @returns {Snapshot}
 */
export function fold({ sessionId, tenantId }, log) {
  const state = blank();
  for (const event of log) {
    const apply = effects[event.event_type];
    if (!apply) throw new Error(`seq ${event.event_seq}: this fold does not know ${event.event_type}`);
    apply(state, /** @type {any} */ (event.payload), event);
    state.lastSeq = event.event_seq;
  }
  const items = [...state.lines.values()].map(withTotal);
  const standing = items.filter(({ state }) => state !== 'cancelled');
  const addedAt = standing.map(({ line_id }) => state.addedAt.get(line_id) ?? 0);
  const subtotal = items.reduce((sum, line) => sum + line.line_total, 0);
  return {
    session_id: sessionId,
    tenant_id: tenantId,
    location_id: state.locationId,
    table_id: state.tableId,
    status: state.status,
    currency: state.currency,
    items,
    ...floorOf(state, { sessionId, items }),
    devices: [...state.devices].map(([device_id, device]) => ({ device_id, ...device })),
    subtotal,
    service_charge: 0,
    tax: 0,
    tax_inclusive: state.taxInclusive,
    ...moneyOf(state, { subtotal, addedAt }),
    written_off: state.writtenOff,
    last_event_seq: state.lastSeq,
    expires_at: new Date(state.expiresAt).toISOString(),
  };
}

function blank() {
  return {
    locationId: '',
    tableId: '',
    currency: '',
    status: 'open',
    taxInclusive: false,
    expiresAt: 0,
    lastSeq: 0,
    /** @type {Map<string, OpenLine>} in the order added */
    lines: new Map(),
    /** @type {Map<string, number>} the seq at which a line was added */
    addedAt: new Map(),
    /** @type {Map<string, { name: string | null, state: string }>} in the order joined */
    devices: new Map(),
    /** @type {number | null} */
    writtenOff: null,
    ...blankFloor(),
    ...blankMoney(),
  };
}

/** @type {Record<string, (state: ReturnType<typeof blank>, payload: any, event: LogEvent) => void>} */
const effects = {
  ...moneyEffects,
  ...floorEffects,
  session_opened(state, { table_id, location_id, currency, settings }, { created_at }) {
    if (settings.service_bps !== 0 || settings.sliding || settings.pay_first)
      throw new Error('this fold knows no service charge, no sliding, no paying first');
    Object.assign(state, {
      tableId: table_id,
      locationId: location_id,
      currency,
      taxInclusive: settings.tax_inclusive,
    });
    state.expiresAt = Date.parse(created_at) + settings.ttl_seconds * 1000;
  },
  device_joined(state, { device_id, name, state: admission }) {
    state.devices.set(device_id, { name, state: admission });
  },
  device_approved: (state, { device_id }) => setDevice(state, device_id, 'admitted'),
  device_removed: (state, { device_id }) => setDevice(state, device_id, 'removed'),
  add_item(state, { line_id, menu_item_id, name, quantity, unit_price, options, note, tax_bps }, { event_seq, actor }) {
    if (tax_bps !== 0) throw new Error('this fold knows no tax');
    const line = { line_id, menu_item_id, name, quantity, unit_price, options, note };
    state.lines.set(line_id, { ...line, state: 'draft', round: null, added_by: actor });
    state.addedAt.set(line_id, event_seq);
  },
  modify_qty(state, { line_id, quantity }) {
    if (quantity === 0) takeOff(state, line_id);
    else setLine(state, line_id, { quantity });
  },
  remove_item: (state, { line_id }) => takeOff(state, line_id),
  session_moved(state, { table_id, from_table_id }) {
    if (from_table_id !== state.tableId) throw new Error(`moved from ${from_table_id}, but sat at ${state.tableId}`);
    state.tableId = table_id;
  },
  session_extended(state, { expires_at }) {
    state.expiresAt = Math.max(state.expiresAt, Date.parse(expires_at));
  },
  session_closed(state) {
    state.status = 'closed';
  },
  session_expired(state) {
    state.status = 'expired';
  },
  session_written_off(state, { amount }) {
    state.writtenOff = amount;
  },
};

/** A draft goes; what was sent stays in the list. @param {ReturnType<typeof blank>} state @param {string} id */
function takeOff(state, id) {
  if (lineOf(state, id).state === 'draft') state.lines.delete(id);
  else setLine(state, id, { state: 'cancelled' });
}

/** @param {ReturnType<typeof blank>} state @param {string} id @param {string} admission */
function setDevice(state, id, admission) {
  const device = state.devices.get(id);
  if (!device) throw new Error(`there is no device ${id}`);
  state.devices.set(id, { ...device, state: admission });
}

/** @param {OpenLine} line @returns {Line} */
function withTotal(line) {
  const each = line.options.reduce((sum, { price }) => sum + price, line.unit_price);
  return { ...line, line_total: line.state === 'cancelled' ? 0 : line.quantity * each };
}
