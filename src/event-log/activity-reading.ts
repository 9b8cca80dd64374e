import type { LocationId, TenantId } from '../domain/ids.js';
import type { Activity, ActivityPosition, Tx } from './activity.js';
import type { ActivityPage, ReadActivity } from './activity-page.js';
import { type WaitingPlace, wakeSoon } from './followed.js';
import type { LocationChannel } from './location-channel.js';
import type { LocationFeed } from './location-feed.js';

/** A location that somebody in this process follows. */
export interface FollowedLocation extends WaitingPlace {
  readonly channel: LocationChannel;
  readonly feeds: Set<LocationFeed>;
}

/** A tenant of whom some locations are followed: one read serves them all. */
export interface FollowedTenant {
  readonly tenantId: TenantId;
  readonly locations: Map<LocationId, FollowedLocation>;
  /** Everything before here was read. */
  readTo: ActivityPosition;
  /** The newest transaction that was seen and could not be given out yet. */
  owed: Tx;
  /** Something may be new since the last read began. */
  isAsked: boolean;
  isReading: boolean;
  /** A reader was refused a page, and waits. */
  isRefused: boolean;
  isLooking: boolean;
  /** On the monotonic clock, in milliseconds: when the last read began. */
  readAt: number;
  /** When the log was last known to have nothing more than was read. */
  lookedAt: number;
  /** Milliseconds to the next try, while there is one to be made. */
  patience: number;
  timer: NodeJS.Timeout | undefined;
}

export interface ReadingOptions {
  readonly read: ReadActivity;
  readonly failed: (error: unknown) => void;
}

/** Reads of one tenant begin so far apart, in milliseconds: under load one serves many commits. */
const everyMs = 10;
/** What waits for a transaction to end is asked for again after so long, and then after twice as long, in milliseconds. */
const patience = { least: 5, most: 250 } as const;

export function newFollowedTenant(tenantId: TenantId, readTo: ActivityPosition): FollowedTenant {
  const idle = { isAsked: false, isReading: false, isRefused: false, isLooking: false };
  const never = { readAt: 0, lookedAt: 0, owed: 0n, timer: undefined };
  return { tenantId, locations: new Map(), readTo, patience: patience.least, ...idle, ...never };
}

/** Something may be new: the tenant's events are read on soon. */
export function askFor(tenant: FollowedTenant, options: ReadingOptions): void {
  if (tenant.isAsked || tenant.locations.size === 0) return;
  tenant.isAsked = true;
  if (!tenant.isReading) readIn(tenant, untilNext(tenant), options);
}

/** Nobody follows this tenant any more. */
export function stopReading(tenant: FollowedTenant): void {
  clearTimeout(tenant.timer);
}

function untilNext({ readAt }: FollowedTenant): number {
  return Math.max(0, readAt + everyMs - performance.now());
}

function readIn(tenant: FollowedTenant, milliseconds: number, options: ReadingOptions): void {
  clearTimeout(tenant.timer);
  tenant.timer = setTimeout(() => void readOn(tenant, options), milliseconds).unref();
}

/** Reads what is behind `readTo`, and sees to it that the next read comes if one is needed. Never rejects. */
async function readOn(tenant: FollowedTenant, options: ReadingOptions): Promise<void> {
  const { tenantId, readTo, isAsked } = tenant;
  const asked = new Set(tenant.locations.values());
  const locationIds = [...asked].map(({ channel }) => channel.name.locationId);
  tenant.isReading = true;
  tenant.isAsked = false;
  tenant.readAt = performance.now();
  let wait: number | undefined;
  try {
    const page = await options.read({ tenantId, locationIds, after: readTo });
    takeIn(tenant, page, asked);
    wait = waitAfter(tenant, page, isAsked);
  } catch (error) {
    options.failed(error);
    tenant.isAsked = true;
    wait = longerWait(tenant);
  }
  tenant.isReading = false;
  if (wait !== undefined && tenant.locations.size > 0) readIn(tenant, wait, options);
}

/** Tells every location what is its own. One that was not asked for finds what it missed in the log. */
function takeIn(tenant: FollowedTenant, { items, to }: ActivityPage, asked: ReadonlySet<FollowedLocation>): void {
  const itemsOf = new Map<LocationId, Activity[]>();
  for (const item of items) {
    const own = itemsOf.get(item.head.locationId);
    if (own) own.push(item);
    else itemsOf.set(item.head.locationId, [item]);
  }
  for (const location of tenant.locations.values()) {
    const own = itemsOf.get(location.channel.name.locationId) ?? [];
    const isAsked = asked.has(location);
    if (isAsked) location.channel.learn(own, to);
    else location.channel.skip(to);
    if (!isAsked || own.length > 0 || tenant.isRefused) wakeSoon(location);
  }
  tenant.isRefused = false;
  tenant.lookedAt = tenant.readAt;
  tenant.readTo = to;
}

/** Milliseconds to the next read; none, where everything that was seen so far has been given out. */
function waitAfter(tenant: FollowedTenant, page: ActivityPage, wasAsked: boolean): number | undefined {
  if (page.hasMore) {
    tenant.isAsked ||= wasAsked;
    return 0;
  }
  // What is written from now on has news of its own.
  if (wasAsked && page.newest > tenant.owed) tenant.owed = page.newest;
  const isOwed = tenant.owed >= page.to.tx;
  if (!isOwed || page.items.length > 0) tenant.patience = patience.least;
  if (tenant.isAsked) return untilNext(tenant);
  return isOwed ? longerWait(tenant) : undefined;
}

function longerWait(tenant: FollowedTenant): number {
  const wait = tenant.patience;
  tenant.patience = Math.min(2 * wait, patience.most);
  return wait;
}
