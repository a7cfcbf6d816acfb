import { isRefusal } from '../adapters/container/failure-text.ts';

/** Words of our own for what is not there. */
export async function orElse<T>(work: Promise<T>, advice: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isRefusal(error) && error.is('not-found') ? new Error(advice) : error;
  }
}
