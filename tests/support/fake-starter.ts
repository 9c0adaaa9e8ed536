import type { RenderStarter, StartedJob, WorkflowState } from '../../api/services.ts';
import { RenderError } from '../../contract/errors.ts';
import type { SandboxState } from '../../contract/worker-identity.ts';

/** Temporal as the API sees it: keeps what it was asked to do. */
export class FakeStarter implements RenderStarter {
  readonly started: StartedJob[] = [];
  readonly cancelled: string[] = [];
  readonly ingested: string[] = [];
  isAway = false;
  /** What an ingest does; by default nothing ends. */
  onIngest: (assetId: string) => Promise<'ended' | 'running'> = () => Promise.resolve('running');
  /** Jobs whose workflow is known. */
  readonly known = new Set<string>();

  async start(job: StartedJob): Promise<void> {
    await this.check();
    this.started.push(job);
    this.known.add(job.jobId);
  }

  /** Of workflows that are not running any more. */
  readonly states = new Map<string, WorkflowState>();

  async look(jobId: string): Promise<WorkflowState> {
    await this.check();
    return this.states.get(jobId) ?? (this.known.has(jobId) ? 'running' : 'unknown');
  }

  async cancel(jobId: string): Promise<'requested' | 'unknown'> {
    await this.check();
    if (!this.known.has(jobId)) return 'unknown';
    this.cancelled.push(jobId);
    return 'requested';
  }

  async ingest(assetId: string): Promise<'ended' | 'running'> {
    await this.check();
    this.ingested.push(assetId);
    return await this.onIngest(assetId);
  }

  sandbox(): Promise<SandboxState> {
    return Promise.resolve('bwrap');
  }

  check(): Promise<void> {
    if (this.isAway)
      return Promise.reject(new RenderError('UNAVAILABLE', 'connect ECONNREFUSED 10.0.0.8:7233'));
    return Promise.resolve();
  }
}
