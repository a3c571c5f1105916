import type { WriteTool } from '../shop/tools.js';
import type { BookRequest } from './payments.js';
import type { MailRequest } from './notifier.js';
import type { ToolRequest } from './tool-request.js';

// Effects are unique across workflows, and the same orders are in every database: each key names its own.

/** These change an address as often as they are asked to; each other write fits an order once. */
const REPEATABLE: readonly WriteTool[] = ['modify_user_address', 'modify_pending_order_address'];

/** `<db>/<order_id>/<tool>` for a write that fits an order once, else `<db>/<job>/<index>`. */
export function writeKey(tool: WriteTool, request: ToolRequest): string {
  const { database, job, index } = request;
  if (REPEATABLE.includes(tool)) return `${database}/${job}/${index}`;
  const { order_id } = request.arguments as { order_id: string };
  return `${database}/${order_id}/${tool}`;
}

export const bookingKey = ({ write, entry }: BookRequest): string => `${write}/${entry}`;

export const mailKey = ({ database, job }: MailRequest): string => `${database}/${job}`;
