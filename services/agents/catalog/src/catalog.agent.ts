import type { RequestOf } from '@lockstep/contracts';
import { catalog, type ToolAnswer } from '@lockstep/retail/contracts';
import { ShopTools } from '@lockstep/retail/effects';
import { Agent, Task, type TaskContext } from '@lockstep/runtime';

type Tasks = typeof catalog.tasks;

/** Looks up products. */
@Agent(catalog)
export class CatalogAgent {
  constructor(private readonly tools: ShopTools) {}

  @Task(catalog.getProductDetails, { timeout: '30s' })
  getProductDetails(
    request: RequestOf<Tasks['getProductDetails']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.read('get_product_details', request, task);
  }

  @Task(catalog.listAllProductTypes, { timeout: '30s' })
  listAllProductTypes(
    request: RequestOf<Tasks['listAllProductTypes']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.read('list_all_product_types', request, task);
  }
}
