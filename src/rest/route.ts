import type { RejectionCode } from '../domain/rejection.js';
import type { Cell } from './csv.js';

/** One REST route: a persisted GraphQL document, and how an HTTP request becomes its variables and its data an answer. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `{name}` for path parameters, as in the contract. */
  readonly path: string;
  /** Name of the persisted operation; its root field is aliased `answer`. */
  readonly operation: string;
  readonly summary: string;
  readonly parameters: readonly RestParameter[];
  readonly body?: RestBody;
  /** Members of the answer whose own members move up beside it. */
  readonly flatten?: readonly string[];
  /** Statuses by what the answer says; the first one that fits counts. */
  readonly statuses: readonly RestStatus[];
  readonly headers?: readonly RestHeader[];
  /** What it can refuse besides a bad request, credential or id. */
  readonly refusals?: readonly RejectionCode[];
  /** Largest body, in bytes, where it is not that of all others. */
  readonly bodyLimit?: number;
  /** Gives a table as well, to those who ask for `text/csv`. */
  readonly csv?: RestCsv;
  /** The document is a subscription, and the answer a stream of Server-Sent Events, one per item. */
  readonly stream?: RestStream;
  /** A request that works on the demo restaurant: shown in the description, and sent by a test. */
  readonly example?: RestExample;
  /** The credential may be a `ticket` of the session in the query, as somebody who opens an address sends no headers. */
  readonly takesTicket?: boolean;
  /** An answer that is not JSON. */
  readonly render?: RestRender;
}

/** How an answer becomes something else than JSON: a picture, a page. */
export interface RestRender {
  readonly contentType: string;
  /** What the query says about the looks; the document knows nothing of it. */
  readonly options?: readonly RenderOption[];
  /** `options` by name, each as its `read` gave it. */
  readonly toContent: (answer: Answer, options: Readonly<Record<string, unknown>>) => Promise<string | Buffer>;
}

export interface RenderOption {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the value. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Takes undefined where the query does not name it; refuses with VALIDATION_FAILED. */
  readonly read: (text: string | undefined) => unknown;
}

/** Ids that only live things have are stand-ins of `example-ids.ts`; a path parameter left out is the one of its name. */
export interface RestExample {
  /** Whose credential: a role of the demo's keys, a phone of the session, or a table's printed code. */
  readonly as: 'staff' | 'cashier' | 'manager' | 'operator' | 'device' | 'table';
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export type StreamedRoute = RestRoute & { readonly stream: RestStream };

export function isStreamed(route: RestRoute): route is StreamedRoute {
  return route.stream !== undefined;
}

/** How a subscription goes out as Server-Sent Events. */
export interface RestStream {
  /** What a client that comes back sends as `Last-Event-ID`. */
  readonly idOf: (item: Answer) => string;
  /** The credential may be a `ticket` in the query, as an `EventSource` sends no headers. */
  readonly takesTicket: boolean;
  /** What comes, for the description; the events of a session if left out. */
  readonly describes?: string;
}

/** How a route's answer becomes a table. */
export interface RestCsv {
  /** Name of the persisted operation; the route's own takes the same variables. */
  readonly operation: string;
  readonly fileName: string;
  readonly columns: readonly string[];
  /** Those of this answer, where it may have more. */
  readonly columnsOf?: (body: Answer) => readonly string[];
  /** Begins with a byte order mark: spreadsheets take it for UTF-8 then. */
  readonly isMarked?: boolean;
  /** The rows in an answer's body. */
  readonly rowsOf: (body: Answer) => readonly (readonly Cell[])[];
  /** For lists: all pages go into one table. */
  readonly paging?: {
    /** The variables for the size of a page and for where it starts. */
    readonly sizeTo: string;
    readonly cursorTo: string;
    readonly nextOf: (answer: Answer) => string | null;
  };
}

/** The data under `answer`. Members that begin with `_` are for the table only and do not go out. */
export type Answer = Readonly<Record<string, unknown>>;

/** Where a variable comes from; `to` is its place in the variables, as `input.sessionId`. */
export interface RestParameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly to: string;
  readonly description: string;
  /** For headers whose text is not the variable's value itself. */
  readonly read?: (text: string) => unknown;
}

/** The JSON body becomes the input object at `to`; in `events` places `{event_type, payload}` stands for the one-of input. */
export interface RestBody {
  readonly to: string;
  readonly description: string;
  /** Whether the request may come without a body. */
  readonly isOptional?: boolean;
  /** Fields of the input that do not come from the body. */
  readonly without: readonly string[];
}

export interface RestStatus {
  readonly status: number;
  readonly description: string;
  readonly when?: (answer: Answer) => boolean;
}

/** A header of a successful answer; left out where `valueOf` gives nothing. */
export interface RestHeader {
  readonly name: string;
  readonly description: string;
  readonly valueOf: (answer: Answer) => string | undefined;
}
