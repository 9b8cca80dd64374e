/** The words of the public API, as REST writes them. Phones that speak GraphQL translate into these. */

export interface Actor {
  readonly type: string;
  readonly id: string;
  readonly name: string | null;
}

export interface LogEvent {
  readonly event_id: string;
  readonly event_seq: number;
  readonly event_type: string;
  readonly payload: Record<string, unknown>;
  readonly actor: Actor;
  readonly created_at: string;
}

export interface Line {
  readonly line_id: string;
  readonly menu_item_id: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price: number;
  readonly options: readonly { readonly option_id: string; readonly name: string; readonly price: number }[];
  readonly note: string | null;
  readonly line_total: number;
  readonly state: string;
  readonly round: number | null;
  readonly added_by: Actor;
}

export interface Adjustment {
  readonly adjustment_id: string;
  readonly kind: string;
  readonly amount: number | null;
  readonly basis_points: number | null;
  readonly reason: string;
}

/** A claim about what happened, and everything that speaks against it. */
export interface Verdict {
  readonly claim: string;
  readonly faults: readonly string[];
}

/** Lines that went to the kitchen together, as one ticket. */
export interface Round {
  readonly round: number;
  readonly ticket_id: string;
  readonly state: string;
  readonly sent_at: string;
  readonly released_at: string | null;
  readonly acknowledged_at: string | null;
  readonly overdue: boolean;
}

/** Guests wait for a waiter, or for the bill. */
export interface Call {
  readonly call_id: string;
  readonly kind: string;
  readonly note: string | null;
  readonly requested_by: Actor;
  readonly requested_at: string;
  readonly taken_by: Actor | null;
}

/** The part of the bill that somebody is paying. */
export interface Claim {
  readonly payment_id: string;
  readonly device_id: string | null;
  readonly amount: number;
  readonly expires_at: string;
}

/** What has come onto the bill since it was last paid for. */
export interface AddedSince {
  readonly bill_seq: number;
  readonly lines: number;
  readonly amount: number;
}

export interface Snapshot {
  readonly session_id: string;
  readonly status: string;
  readonly currency: string;
  readonly items: readonly Line[];
  readonly rounds: readonly Round[];
  readonly service_calls: readonly Call[];
  readonly devices: readonly { readonly device_id: string; readonly name: string | null; readonly state: string }[];
  readonly subtotal: number;
  readonly discount: number;
  readonly surcharge: number;
  readonly service_charge: number;
  readonly adjustments: readonly Adjustment[];
  readonly total: number;
  readonly paid: number;
  readonly due: number;
  readonly payment_status: string;
  readonly claims: readonly Claim[];
  readonly added_since_payment: AddedSince | null;
  readonly last_event_seq: number;
  readonly [other: string]: unknown;
}

/** A phone's place in a session. */
export interface Seat {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly token: string;
  readonly qrUrl: string;
  readonly isOpened: boolean;
}

export interface Change {
  readonly key: string;
  readonly type: 'add_item' | 'modify_qty' | 'remove_item' | 'submit_round' | 'request_service';
  readonly payload: Readonly<Record<string, unknown>>;
  readonly expectedSeq?: number | undefined;
}

export interface Appended {
  readonly eventId: string;
  readonly seq: number;
  readonly replayed: boolean;
}

export interface PaymentWish {
  readonly key: string;
  readonly method: Method;
  readonly split:
    | { readonly type: 'all' | 'lines' }
    | { readonly type: 'share'; readonly parts: number }
    | { readonly type: 'amount'; readonly amount: number };
}

/** Ways to pay by phone; the provider has the same name. */
export type Method = 'momo' | 'vnpay' | 'zalopay';

/** What a guest is told who wants to pay. */
export interface StartedPayment {
  readonly paymentId: string;
  readonly reference: string;
  readonly amount: number;
  readonly billSeq: number;
  /** Where the provider takes the money. */
  readonly payUrl: string | null;
}

/** The same, as the phone remembers it. */
export interface Intent extends StartedPayment {
  readonly method: Method;
  readonly deviceId: string;
}

/** A payment as the cashier's desk has it. */
export interface Payment {
  readonly payment_id: string;
  readonly payment_reference: string;
  readonly amount: number;
  readonly method: string;
  readonly status: string;
  readonly actor: Actor;
}

/** A payment as the provider has it: what moved, and what it told the server. */
export interface Order {
  readonly provider: string;
  readonly reference: string;
  readonly transactions: readonly { readonly id: string; readonly amount: number }[];
  readonly deliveries: readonly {
    readonly body: string;
    readonly forged: boolean;
    readonly answer: { readonly status: number; readonly body: string };
  }[];
}

export interface Page {
  readonly events: readonly LogEvent[];
  readonly nextCursor: number;
  readonly hasMore: boolean;
}

/** One way to talk to the server; all ways mean the same. */
export interface Protocol {
  readonly label: string;
  open(table: { readonly tableToken: string; readonly deviceName: string }): Promise<Seat>;
  join(link: { readonly sessionId: string; readonly joinToken: string; readonly deviceName: string }): Promise<Seat>;
  append(seat: Seat, change: Change): Promise<Appended>;
  /** Sends the request and hangs up before the answer. */
  appendAndHangUp(seat: Seat, change: Change): Promise<void>;
  startPayment(seat: Seat, wish: PaymentWish): Promise<StartedPayment>;
  read(seat: Seat, from: { readonly cursor: number; readonly limit: number }): Promise<Page>;
  snapshot(seat: Seat): Promise<Snapshot>;
}

/** What one guest did and was told: one key, however often it was sent. */
export interface Tap {
  readonly key: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly deviceId: string;
  /** How often it was sent. */
  sends: number;
  /** Every answer that arrived. */
  readonly answers: Appended[];
}

export interface View {
  readonly name: string;
  readonly events: readonly LogEvent[];
  readonly snapshot: Snapshot;
}

export interface Evidence {
  /** The log, read from the start by an impartial reader. */
  readonly log: readonly LogEvent[];
  /** The server's fold at each seq it was asked for. */
  readonly snapshots: readonly Snapshot[];
  readonly views: readonly View[];
  readonly taps: readonly Tap[];
  /** What the phones were told about paying. */
  readonly intents: readonly Intent[];
  /** What the cashier's desk has. */
  readonly payments: readonly Payment[];
  /** What the providers have. */
  readonly orders: readonly Order[];
}
