/** Server time, the only time that counts (ASVS 6.5.8). */
export interface Clock {
  now(): Date;
}
