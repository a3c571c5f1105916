import { role } from '@lockstep/contracts';
import { toolTask } from './tool-request.js';

/** Knows and changes customers. */
export const profile = role('profile', {
  findUserIdByEmail: toolTask('find_user_id_by_email'),
  findUserIdByNameZip: toolTask('find_user_id_by_name_zip'),
  getUserDetails: toolTask('get_user_details'),
  modifyUserAddress: toolTask('modify_user_address'),
});
