import { z } from 'zod';
import { asId, type DeviceId, isUuid, type LineId, type MenuItemId, type OptionId, type TableId } from '../ids.js';

/** The fields that several event types share. Text is trimmed at neither end; NUL, which Postgres cannot store, is refused. */

const uuid = z.string().refine(isUuid, 'must be a UUID');

export const lineId = uuid.transform((text) => asId<LineId>(text));
export const menuItemId = uuid.transform((text) => asId<MenuItemId>(text));
export const optionId = uuid.transform((text) => asId<OptionId>(text));
export const tableId = uuid.transform((text) => asId<TableId>(text));
export const deviceId = uuid.transform((text) => asId<DeviceId>(text));

/** Text of at most so many characters (UTF-16 units, as browsers count), storable and well formed. */
export function text(max: number) {
  return z
    .string()
    .max(max, `must be at most ${max} characters`)
    .refine((value) => !value.includes('\u0000'), 'must not contain NUL')
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');
}

/** A field that may be left out or null; both mean the same. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** Why staff changed something: 1 to 200 characters, and not blanks alone. */
export const reason = text(200)
  .min(1, 'must not be empty')
  .refine((value) => !/^\s+$/.test(value), 'must not be empty');
