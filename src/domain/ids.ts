/** An identifier of one kind of thing: a UUID in lower case that the compiler will not mix with another kind. */
type Id<Kind extends string> = string & { readonly __id: Kind };

export type TenantId = Id<'tenant'>;
export type LocationId = Id<'location'>;
export type TableId = Id<'table'>;
export type SessionId = Id<'session'>;
export type DeviceId = Id<'device'>;
export type EventId = Id<'event'>;
export type LineId = Id<'line'>;
export type MenuCategoryId = Id<'menu-category'>;
export type MenuItemId = Id<'menu-item'>;
export type OptionId = Id<'option'>;
export type PaymentId = Id<'payment'>;
export type RefundId = Id<'refund'>;

/** Position in one session's log: 1, 2, 3 ... without gaps. 0 stands before the first event. */
export type Seq = number;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the text of a UUID of any version, in either case. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** Brands a UUID's text as an id of the wanted kind; the caller vouches for the text (it comes from a parser or our own row). */
export function asId<T extends Id<string>>(text: string): T {
  return text.toLowerCase() as T;
}
