import { RenderError } from '../contract/errors.ts';
import type { ApiServices } from './services.ts';

/** Throws NOT_FOUND unless the project is the user's. */
export async function requireProject(
  services: Pick<ApiServices, 'accounts'>,
  userId: string,
  projectId: string,
): Promise<void> {
  if ((await services.accounts.findProject(userId, projectId)) === null) {
    throw new RenderError('NOT_FOUND', `There is no project "${projectId}".`, {
      hint: 'GET /v1/projects lists yours.',
    });
  }
}
