import type { Context } from '../context.ts';
import type { Listing } from '../inventory/listing.ts';

/** Lets a list be read for a picker: connects, which may start a control plane. Throws why it cannot be read. */
export async function readFor<T>({ controlPlane }: Context, listing: Listing<T>): Promise<void> {
  await controlPlane.connect();
  if (listing.state === 'unread' || listing.state === 'reading' || listing.state === 'failed') await listing.read();
  if (listing.error) throw listing.error;
}
