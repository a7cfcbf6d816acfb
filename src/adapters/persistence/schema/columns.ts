import { customType, timestamp } from 'drizzle-orm/pg-core';

/** Text that is compared byte by byte: unique values and cursors mean the same on every engine and in every locale. */
export const plainText = customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });

/** To the millisecond, as a `Date` has it: what was read compares equal to what was written. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
