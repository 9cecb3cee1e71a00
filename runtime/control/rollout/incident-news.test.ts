import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Incident, IncidentType } from '../../api/traffic.ts';
import type { Observation } from '../../platform/platform.ts';
import { incidentNews, type ToldIncidents } from './incident-news.ts';

const time = '2026-01-01T00:00:00.000Z';

function incident(id: string, type: IncidentType = 'worker.died'): Incident {
  return { id, time, type, message: `${id} happened` };
}

function showing(...incidents: Incident[]): Observation {
  return {
    endpoint: 'http://127.0.0.1:8000',
    processes: {},
    servers: [{ owner: 'local', name: 'a.b', serving: 1, revisions: [], incidents }],
  };
}

/** What is told at each of these looks, one after the other, by one control plane or several. */
function toldAt(...looks: Observation[]): string[][] {
  let told: ToldIncidents = {};
  return looks.map((look) => {
    const { news, told: now } = incidentNews(told, look);
    told = now;
    return news.map(({ object, message }) => `${object} ${message}`);
  });
}

const away: Observation = { endpoint: null, processes: {}, servers: [{ owner: 'local', name: 'a.b', serving: null, revisions: [] }] };

describe('news of incidents', () => {
  it('are told once, with when they happened', () => {
    assert.deepEqual(incidentNews({}, showing(incident('x-1', 'server.overloaded'))).news, [
      { type: 'server.overloaded', object: 'local/a.b', message: 'x-1 happened', data: { at: time } },
    ]);
    assert.deepEqual(
      toldAt(showing(incident('x-1')), showing(incident('x-1')), showing(incident('x-1'), incident('x-2')), showing(incident('x-2'))),
      [['local/a.b x-1 happened'], [], ['local/a.b x-2 happened'], []],
    );
  });

  it('are the same when the platform comes back, and new when it is another one', () => {
    assert.deepEqual(toldAt(showing(incident('x-1')), away, showing(incident('x-1'), incident('x-2'))), [
      ['local/a.b x-1 happened'],
      [],
      ['local/a.b x-2 happened'],
    ]);
    assert.deepEqual(toldAt(showing(incident('x-1')), away, showing(incident('y-1'))).at(-1), ['local/a.b y-1 happened']);
  });

  it('are remembered only as long as they are shown', () => {
    const told = { 'local/a.b': ['x-1', 'x-2'], 'local/gone': ['z-1'] };
    assert.deepEqual(incidentNews(told, showing(incident('x-2'), incident('x-3'))).told, { 'local/a.b': ['x-2', 'x-3'] });
    assert.deepEqual(incidentNews(told, away).told, told);
  });
});
