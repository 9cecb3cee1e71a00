import type { Status } from '../api/objects.ts';
import { shownSize } from '../api/shown-size.ts';
import type { Context } from './context.ts';
import { type Field, printFields } from './terminal/fields.ts';
import { printJson } from './terminal/json.ts';

/** Prints what runs, and where. */
export function showStatus(context: Context, status: Status): void {
  if (context.output === 'json') printJson(context, status);
  else printFields(context.terminal, fieldsOf(status));
}

function fieldsOf(status: Status): Field[] {
  const { version, apiUrl, gatewayUrl, gatewayCertificate, accessLog, metricsUrl, processes, home, disk, notices = [] } = status;
  const madeHere = gatewayCertificate?.selfSigned ? ', made by Spell' : '';
  return [
    ['Version', version],
    ['Endpoint', gatewayUrl ?? 'not there at the moment'],
    ...(gatewayCertificate ? [['Certificate', `${gatewayCertificate.file}${madeHere}`] as const] : []),
    ...(accessLog === undefined ? [] : [['Access log', accessLog] as const]),
    ['API', apiUrl],
    ['Metrics', metricsUrl],
    ['Processes', `spelld ${processes.spelld}, gateway ${processes.gateway ?? '-'}`],
    ['Home', home],
    ['Disk used', shownSize(disk)],
    ...(notices.length > 0 ? [['Notices', notices] as const] : []),
  ];
}
