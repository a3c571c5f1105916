import type { RequestOf } from '@lockstep/contracts';
import { profile, type ToolAnswer } from '@lockstep/retail/contracts';
import { ShopTools } from '@lockstep/retail/effects';
import { Agent, type AnyEffect, type HasEffects, Task, type TaskContext } from '@lockstep/runtime';

type Tasks = typeof profile.tasks;

/** Finds and changes customers. */
@Agent(profile)
export class ProfileAgent implements HasEffects {
  readonly effects: readonly AnyEffect[];

  constructor(private readonly tools: ShopTools) {
    this.effects = tools.effects('modify_user_address');
  }

  @Task(profile.findUserIdByEmail, { timeout: '30s' })
  findUserIdByEmail(
    request: RequestOf<Tasks['findUserIdByEmail']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.read('find_user_id_by_email', request, task);
  }

  @Task(profile.findUserIdByNameZip, { timeout: '30s' })
  findUserIdByNameZip(
    request: RequestOf<Tasks['findUserIdByNameZip']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.read('find_user_id_by_name_zip', request, task);
  }

  @Task(profile.getUserDetails, { timeout: '30s' })
  getUserDetails(
    request: RequestOf<Tasks['getUserDetails']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.read('get_user_details', request, task);
  }

  @Task(profile.modifyUserAddress, { timeout: '30s' })
  modifyUserAddress(
    request: RequestOf<Tasks['modifyUserAddress']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.write('modify_user_address', request, task);
  }
}
