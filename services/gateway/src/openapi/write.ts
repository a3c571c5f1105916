// Writes the OpenAPI document that is kept beside the documentation; needs no Redis.

import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HostModule } from '@lockstep/host';
import { GatewayConfig } from '../config.js';
import { GatewayModule } from '../gateway.module.js';
import { openApiDocument } from './document.js';

@Module({
  imports: [HostModule.forRoot({ name: 'gateway', config: new GatewayConfig() }), GatewayModule],
})
class Preview {}

const [, , file = 'openapi.json'] = process.argv;
const app = await NestFactory.create(Preview, new FastifyAdapter(), {
  preview: true,
  logger: ['error'],
});
writeFileSync(file, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
