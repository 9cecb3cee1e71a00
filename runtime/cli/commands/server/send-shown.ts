import type { Client } from '../../../api/http/client-types.ts';
import { type ServePlan, sendPlan } from '../../../api/project/plan.ts';
import type { Context } from '../../context.ts';
import { showSending } from '../../terminal/progress.ts';

/** Sends what the control plane lacks of a plan's code, and shows how far that is. */
export async function sendShown(context: Context, client: Client, plan: ServePlan): Promise<void> {
  const sending = showSending(context.terminal, plan.name);
  await sendPlan(client, plan, sending.update).finally(sending.end);
}
