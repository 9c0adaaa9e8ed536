import { hashSecret } from '../../api/api-key.ts';
import type {
  AccountRepository,
  KeyInfo,
  NewKey,
  PlanRow,
  ProjectRow,
  RequestTaken,
  Usage,
  UserRow,
} from '../../database/ports.ts';

type Key = {
  readonly info: KeyInfo;
  readonly userId: string;
  readonly secretHash: string;
  isRevoked: boolean;
};

export const unlimitedPlan: PlanRow = {
  plan: 'unlimited',
  minutesPerMonth: null,
  minutesPerDay: null,
  jobsAtOnce: null,
  filmSecondsMax: 1_000_000,
  widthMax: 100_000,
  heightMax: 100_000,
  hasApi: true,
  retentionDays: null,
  requestsPerMinute: null,
};

/** Users, keys and projects in memory. */
export class FakeAccounts implements AccountRepository {
  readonly users = new Map<string, UserRow>();
  readonly keys = new Map<string, Key>();
  readonly plans = new Map<string, PlanRow>([['unlimited', unlimitedPlan]]);
  readonly projects = new Map<string, ProjectRow>();
  readonly touched: string[] = [];
  used: Usage = { minutesThisMonth: 0, minutesToday: 0, minutesReserved: 0, activeJobs: 0 };
  /** What the window of every key answers. */
  window: RequestTaken = { requestsLeft: 1, waitSeconds: 0 };

  /** A user with a project `project_<name>` and a key, which is returned. */
  async addUser(name: string, plan: PlanRow = unlimitedPlan): Promise<string> {
    const secret = `secret-of-${name}-0123456789`;
    const userId = `user_${name}`;
    this.plans.set(plan.plan, plan);
    await this.createUser({ userId, email: `${name}@example.com`, plan: plan.plan });
    await this.createKey({ keyId: name, userId, secretHash: hashSecret(secret), name });
    await this.createProject({ projectId: `project_${name}`, userId, name });
    return `sm_${name}.${secret}`;
  }

  findKey(keyId: string): ReturnType<AccountRepository['findKey']> {
    const key = this.keys.get(keyId);
    const user = this.users.get(key?.userId ?? '');
    const plan = this.plans.get(user?.plan ?? '');
    if (key === undefined || user === undefined || plan === undefined) return Promise.resolve(null);
    const { secretHash, isRevoked } = key;
    return Promise.resolve({ secretHash, isRevoked, user, plan });
  }

  touchKey(keyId: string): Promise<void> {
    this.touched.push(keyId);
    return Promise.resolve();
  }

  async workingKeys(keyIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await Promise.all(keyIds.map(async (keyId) => ({ keyId, key: await this.findKey(keyId) })));
    const working = found.filter(({ key }) => key !== null && !key.isRevoked && key.plan.hasApi);
    return new Set(working.map(({ keyId }) => keyId));
  }

  createUser(user: UserRow): Promise<void> {
    if (!this.users.has(user.userId)) this.users.set(user.userId, user);
    return Promise.resolve();
  }

  createKey({ keyId, userId, secretHash, name }: NewKey): Promise<void> {
    const createdAt = new Date('2026-01-01T00:00:00Z');
    const info = { keyId, name, createdAt, lastUsedAt: null, revokedAt: null };
    this.keys.set(keyId, { info, userId, secretHash, isRevoked: false });
    return Promise.resolve();
  }

  async issueKey(key: NewKey, keysMax: number): Promise<KeyInfo | null> {
    const owned = await this.listKeys(key.userId);
    if (owned.length >= keysMax) return null;
    await this.createKey(key);
    return this.keys.get(key.keyId)?.info ?? null;
  }

  listKeys(userId: string): Promise<readonly KeyInfo[]> {
    const owned = [...this.keys.values()].filter((key) => key.userId === userId);
    return Promise.resolve(owned.map(({ info }) => info));
  }

  revokeKey(userId: string, keyId: string): Promise<boolean> {
    const key = this.keys.get(keyId);
    if (key?.userId !== userId) return Promise.resolve(false);
    key.isRevoked = true;
    return Promise.resolve(true);
  }

  takeRequest(): Promise<RequestTaken> {
    return Promise.resolve(this.window);
  }

  usage(): Promise<Usage> {
    return Promise.resolve(this.used);
  }

  createProject(project: { projectId: string; userId: string; name: string }): Promise<ProjectRow> {
    const row = { ...project, createdAt: new Date('2026-01-01T00:00:00Z') };
    this.projects.set(project.projectId, row);
    return Promise.resolve(row);
  }

  async addProject(
    project: { projectId: string; userId: string; name: string },
    projectsMax: number,
  ): Promise<ProjectRow | null> {
    const { projects } = await this.listProjects(project.userId);
    return projects.length < projectsMax ? this.createProject(project) : null;
  }

  findProject(userId: string, projectId: string): Promise<ProjectRow | null> {
    const project = this.projects.get(projectId);
    return Promise.resolve(project?.userId === userId ? project : null);
  }

  /** All on one page. */
  listProjects(userId: string): ReturnType<AccountRepository['listProjects']> {
    const projects = [...this.projects.values()].filter((project) => project.userId === userId);
    return Promise.resolve({ projects, nextCursor: null });
  }
}
