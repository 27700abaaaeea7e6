import { get } from 'node:http';
import { readSettings } from '../config/settings';

/** The image's HEALTHCHECK: asks the service in this container whether it lives. */

const { host, port } = readSettings(process.env).settings;
const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;

get({ host: address, port, path: '/health/live', timeout: 2_000 }, (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
