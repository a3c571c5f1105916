// Writes the OpenAPI document that is kept beside the documentation; needs no Redis.

import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { GatewayModule } from '../gateway.module.js';
import { openApiDocument } from './document.js';

const [, , file = 'openapi.json'] = process.argv;
const app = await NestFactory.create(GatewayModule, new FastifyAdapter(), {
  preview: true,
  logger: false,
});
writeFileSync(file, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
