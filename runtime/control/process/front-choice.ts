import { type TlsChoice, tlsChoice } from '../../api/tls-choice.ts';
import type { FactsTable } from '../store/facts-table.ts';

/** How the endpoint is reached, beside its address. */
export interface FrontChoice {
  tls: TlsChoice;
  /** Whether each request is noted. */
  accessLog: boolean;
}

/** What was asked for at this start, else what was chosen the last time, else plain HTTP and nothing noted. */
export function chooseFront(asked: Partial<FrontChoice>, facts: FactsTable): FrontChoice {
  return {
    tls: asked.tls ?? tlsChoice.parse(JSON.parse(facts.get('gateway-tls') ?? '{"kind":"off"}')),
    accessLog: asked.accessLog ?? facts.get('gateway-access-log') === 'on',
  };
}

/** Once it is known to work. */
export function rememberFront({ tls, accessLog }: FrontChoice, facts: FactsTable): void {
  facts.set('gateway-tls', JSON.stringify(tls));
  facts.set('gateway-access-log', accessLog ? 'on' : 'off');
}
