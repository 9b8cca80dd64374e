import type { createBoard } from './board.mjs';
import type { createBooks } from './books.mjs';
import type { createClock } from './clock.mjs';
import type { createCashier } from '../dinner/cashier.mjs';
import type { Gateway } from '../dinner/gateway.mjs';
import type { Phone } from '../dinner/phone.mjs';
import type { Staff } from '../dinner/staff.mjs';
import type { Call, Evidence, Line, Payment, Snapshot } from '../dinner/types.js';
import type { createRandom } from './random.mjs';
import type { createRestaurant } from './restaurant.mjs';
import type { createStory } from './story.mjs';
import type { createTables } from './tables.mjs';

export type Clock = ReturnType<typeof createClock>;
export type Random = ReturnType<typeof createRandom>;
export type Restaurant = ReturnType<typeof createRestaurant>;
export type Story = ReturnType<typeof createStory>;
export type Cashier = ReturnType<typeof createCashier>;

/** How a party pays. */
export type Style =
  | 'cash'
  | 'momo'
  | 'vnpay'
  | 'zalopay'
  | 'shares'
  | 'lines'
  | 'amount'
  | 'failure'
  | 'late'
  | 'forged'
  | 'not at all';

/** What is special about a party. */
export type Quirk = 'move' | 'stranger' | 'discount' | 'hurry';

/** A party before it comes. */
export interface Plan {
  readonly number: number;
  /** Minutes after opening. */
  readonly arrival: number;
  readonly guests: readonly string[];
  readonly style: Style;
  readonly quirk: Quirk | undefined;
}

export interface Table {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

/** A party at its table. */
export interface Visit {
  readonly plan: Plan;
  readonly random: Random;
  /** Where they sit now. */
  table: Table;
  readonly sessionId: string;
  /** Those who are in. */
  readonly phones: Phone[];
  /** Those who were taken out. */
  readonly removed: Phone[];
  /** What the waiter is to do who comes when they call; false: not possible yet. */
  errand: ((waiter: string) => Promise<boolean>) | undefined;
  readonly sat: number;
  left: number | undefined;
  /** A reason, once staff gave up the money. */
  givenUp: string | undefined;
}

/** What somebody tried that must be refused. */
export interface Attempt {
  readonly what: 'sold out' | 'removed phone' | 'occupied table' | 'call taken';
  readonly who: string;
  /** The code of the refusal; undefined: it was let through. */
  readonly code: string | undefined;
}

/** A ticket as the kitchen knew it, in minutes after opening. */
export interface TicketTimes {
  readonly ticketId: string;
  readonly sessionId: string;
  /** How often it came up as new. */
  seen: number;
  readonly sent: number;
  acknowledged: number | undefined;
  ready: number | undefined;
  served: number | undefined;
}

export interface WaiterFigures {
  readonly name: string;
  calls: number;
  served: number;
  errands: number;
}

export interface Ticket {
  readonly ticket_id: string;
  readonly session_id: string;
  readonly round: number;
  readonly table_id: string;
  readonly table_name: string;
  readonly state: string;
  readonly items: readonly Line[];
}

export interface FloorTable {
  readonly table_id: string;
  readonly table_name: string;
  readonly state: string;
  readonly session: { readonly session_id: string } | null;
  readonly minutes_open: number | null;
  readonly service_calls: readonly Call[];
}

/** What everybody in the restaurant shares. */
export interface Evening {
  readonly base: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly story: Story;
  readonly staff: Staff;
  readonly cashier: Cashier;
  readonly gateway: Gateway;
  readonly restaurant: Restaurant;
  readonly books: ReturnType<typeof createBooks>;
  readonly board: ReturnType<typeof createBoard>;
  readonly tables: ReturnType<typeof createTables>;
  /** What can be ordered, by kind. */
  readonly menu: Menu;
  readonly visits: Visit[];
  readonly tickets: Map<string, TicketTimes>;
  readonly attempts: Attempt[];
  readonly waiters: WaiterFigures[];
  readonly counts: { parties: number; phones: number; mostPhones: number; kitchenOpen: boolean };
  readonly soldOut: Set<string>;
}

export interface Dish {
  readonly menu_item_id: string;
  readonly name: string;
  readonly price: number;
  readonly category: string;
  readonly available: boolean;
  readonly option_groups: readonly {
    readonly min: number;
    readonly max: number;
    readonly options: readonly { readonly option_id: string; readonly available: boolean }[];
  }[];
}

export interface Menu {
  readonly mains: readonly Dish[];
  readonly sides: readonly Dish[];
  /** What runs out in mid evening. */
  readonly scarce: Dish;
}

/** One visit, as everybody has it afterwards. */
export interface VisitEvidence {
  /** Its first table and when, to find it in the story. */
  readonly name: string;
  readonly evidence: Evidence;
  readonly last: Snapshot;
  /** A reason, once staff gave up the money. */
  readonly givenUp: string | undefined;
}

/** What the evening left behind. */
export interface EveningEvidence {
  readonly visits: readonly VisitEvidence[];
  readonly floor: readonly { readonly table_name: string; readonly state: string }[];
  /** Every session of the location since opening. */
  readonly sessions: readonly { readonly id: string; readonly status: string }[];
  readonly tickets: readonly Pick<TicketTimes, 'ticketId' | 'seen'>[];
  readonly attempts: readonly Attempt[];
  /** Every payment of the location since opening, also those of others. */
  readonly payments: readonly (Payment & { readonly session_id: string | null })[];
  /** The day's takings before and after. */
  readonly takings: { readonly before: number; readonly after: number };
}
