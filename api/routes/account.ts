// Who the caller is and what is used up.
import { Account, AccountUsage } from '../../contract/answers.ts';
import type { Usage } from '../../database/ports.ts';
import { type Api, type ApiServer, faultAnswers } from '../api-server.ts';
import { callerOf } from '../authenticate.ts';

export function accountRoutes(server: ApiServer, api: Api): void {
  server.get(
    '/v1/me',
    {
      schema: {
        operationId: 'getAccount',
        tags: ['account'],
        summary: 'The user of the API key',
        response: { 200: Account, ...faultAnswers },
      },
    },
    (request) => {
      const { userId, plan, email } = callerOf(request).user;
      return { userId, plan, email };
    },
  );
  server.get(
    '/v1/usage',
    {
      schema: {
        operationId: 'getUsage',
        tags: ['account'],
        summary: 'Render minutes used and left, and active jobs',
        response: { 200: AccountUsage, ...faultAnswers },
      },
    },
    async (request) => {
      const { user, plan } = callerOf(request);
      const usage = await api.accounts.usage(user.userId, null);
      return {
        month: minutes(usage, usage.minutesThisMonth, plan.minutesPerMonth),
        today: minutes(usage, usage.minutesToday, plan.minutesPerDay),
        minutesReserved: usage.minutesReserved,
        activeJobs: usage.activeJobs,
        activeJobsMax: plan.jobsAtOnce,
      };
    },
  );
}

function minutes({ minutesReserved }: Usage, used: number, max: number | null): AccountUsage['month'] {
  const left = max === null ? null : Math.max(0, max - used - minutesReserved);
  return { minutesUsed: used, minutesLeft: left };
}
