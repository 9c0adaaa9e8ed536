// Projects hold jobs and assets; cached scenes are shared within one.
import { z } from 'zod';
import { Project, ProjectList } from '../../contract/answers.ts';
import { Label } from '../../contract/units.ts';
import type { ProjectRow } from '../../database/ports.ts';
import { type Api, type ApiServer, faultAnswers, PageQuery } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';

const NewProject = z.strictObject({ name: Label });

export function projectRoutes(server: ApiServer, api: Api): void {
  server.post(
    '/v1/projects',
    {
      schema: {
        operationId: 'createProject',
        tags: ['projects'],
        summary: 'Create a project',
        body: NewProject,
        response: { 201: Project, ...faultAnswers },
      },
    },
    async (request, reply) => {
      const project = await api.accounts.createProject({
        projectId: `project_${api.newId()}`,
        userId: callerOf(request).user.userId,
        name: request.body.name,
      });
      reply.code(201);
      return projectView(project);
    },
  );
  server.get(
    '/v1/projects',
    {
      schema: {
        operationId: 'listProjects',
        tags: ['projects'],
        summary: 'Your projects, newest first',
        querystring: PageQuery,
        response: { 200: ProjectList, ...faultAnswers },
      },
    },
    async (request) => {
      const { limit, cursor = null } = request.query;
      const page = await api.accounts.listProjects(callerOf(request).user.userId, { limit, cursor });
      return { projects: page.projects.map(projectView), nextCursor: page.nextCursor };
    },
  );
}

function projectView({ projectId, name, createdAt }: ProjectRow): Project {
  return { projectId, name, createdAt: createdAt.toISOString() };
}
