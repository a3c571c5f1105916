import { role, task } from '@lockstep/contracts';
import { ToolAnswer } from './tool-answer.js';
import { ToolRequest, toolTask } from './tool-request.js';

/** The one tool without arguments: an empty object. */
export class ListAllProductTypesRequest extends ToolRequest {}

/** Knows the products; changes nothing. */
export const catalog = role('catalog', {
  getProductDetails: toolTask('get_product_details'),
  listAllProductTypes: task(ListAllProductTypesRequest, ToolAnswer),
});
