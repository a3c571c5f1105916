import 'reflect-metadata';
import { Logger } from 'nestjs-pino';
import { readConfig } from './config.js';
import { startServer } from './server.js';

const config = readConfig(process.env);
const app = await startServer(config);
app.get(Logger).log({ msg: 'listening', url: await app.getUrl() });
