import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../api/objects.ts';
import { type AddressInput, differsFrom, readAddress } from './wanted-address.ts';

const nothing: AddressInput = {
  host: undefined,
  port: undefined,
  'api-port': undefined,
  'tls-cert': undefined,
  'tls-key': undefined,
  'tls-self-signed': false,
  'no-tls': false,
  'access-log': false,
  'no-access-log': false,
};
const read = (input: Partial<AddressInput>): ReturnType<typeof readAddress> => readAddress({ ...nothing, ...input }, '/here');

test('what contradicts itself is refused, naming it', () => {
  for (const [input, message] of [
    [{ port: '0' }, /--port: "0" is no port/],
    [{ 'api-port': 'x' }, /--api-port/],
    [{ 'tls-cert': 'c.pem' }, /--tls-key is missing/],
    [{ 'tls-key': 'k.pem' }, /--tls-cert is missing/],
    [{ 'tls-cert': 'c.pem', 'tls-key': 'k.pem', 'tls-self-signed': true }, /exclude/],
    [{ 'no-tls': true, 'tls-self-signed': true }, /exclude/],
    [{ 'access-log': true, 'no-access-log': true }, /exclude/],
  ] as const) {
    assert.throws(() => read(input), { code: 'usage', message });
  }
});

test('what runs differs from what is wanted only where something was wanted', () => {
  const status = {
    apiUrl: 'http://127.0.0.1:1',
    gatewayUrl: 'https://[::1]',
    gatewayCertificate: { file: '/here/c.pem', selfSigned: false },
  };
  const differs = (input: Partial<AddressInput>): boolean => differsFrom(status as Status, read(input));
  assert.equal(differs({}), false);
  assert.equal(differs({ host: '::1', port: '443', 'tls-cert': 'c.pem', 'tls-key': 'k.pem', 'no-access-log': true }), false);
  for (const input of [
    { host: '127.0.0.1' },
    { port: '80' },
    { 'api-port': '2' },
    { 'tls-self-signed': true },
    { 'no-tls': true },
    { 'tls-cert': 'd.pem', 'tls-key': 'k.pem' },
    { 'access-log': true },
  ]) {
    assert.equal(differs(input), true, JSON.stringify(input));
  }
});
