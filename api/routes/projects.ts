// Projects hold jobs and assets; cached scenes are shared within one.
import { z } from 'zod';
import { Project, ProjectList } from '../../contract/answers.ts';
import { RenderError } from '../../contract/errors.ts';
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
      const { userId } = callerOf(request).user;
      const { PROJECTS_PER_USER_MAX: projectsMax } = api.settings;
      const { name } = request.body;
      const project = await api.accounts.addProject(
        { projectId: `project_${api.newId()}`, userId, name },
        projectsMax,
      );
      if (project === null) throw tooManyProjects(projectsMax);
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

function tooManyProjects(projectsMax: number): RenderError {
  return new RenderError('INVALID_STATE', `A user may have ${projectsMax} projects.`, {
    hint: 'Use one of yours, or ask the operator to raise PROJECTS_PER_USER_MAX.',
  });
}

function projectView({ projectId, name, createdAt }: ProjectRow): Project {
  return { projectId, name, createdAt: createdAt.toISOString() };
}
