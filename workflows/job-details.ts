// What an operator sees of a job in Temporal's UI while it runs: its phase, to be searched by, and how far it is.
import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Phase } from '../contract/names.ts';
import type { CompiledJob, DispatchedScenes } from './activity-types.ts';
import { describeState } from './job-failure.ts';

/** Beside each other there may be as many as the job has lanes. */
const worksNamedMax = 3;

const phaseKey = defineSearchAttributeKey('Phase', 'KEYWORD');

export class JobDetails {
  #title = '';
  #scenes = 0;
  #phase: Phase = 'planning';
  #cached = 0;
  #toRender = 0;
  #rendered = 0;
  #sound = '';
  #failing: string | null = null;
  /** Begun and not done; what is stopped stays. */
  readonly #atWork = new Set<string>();

  enter(phase: Phase): void {
    this.#phase = phase;
    upsertSearchAttributes([{ key: phaseKey, value: phase }]);
    this.#show();
  }

  planned({ title, scenes }: CompiledJob): void {
    this.#title = title;
    this.#scenes = scenes;
    this.#failing = null;
  }

  dispatched({ pictures, sounds, isProgrammeReady, cached }: DispatchedScenes): void {
    this.#cached += cached;
    this.#toRender = pictures.length;
    this.#rendered = 0;
    this.#sound = isProgrammeReady ? 'is there' : `needs ${sounds.length} scenes' sound and a mix`;
  }

  /** Work goes by its summary. */
  begun(work: string): void {
    this.#atWork.add(work);
  }

  ended(work: string): void {
    this.#atWork.delete(work);
  }

  picturesDone(count: number): void {
    this.#rendered += count;
    this.#show();
  }

  soundDone(): void {
    this.#sound = 'is mixed';
    this.#show();
  }

  /** The first that failed for good stands, unless the job is planned anew. */
  failed(what: string): void {
    this.#failing ??= what;
    this.#show();
  }

  /** What one activity is for, in its summary: "scene 7 of 12 · Pricing · 5.0 s". */
  summarize(index: number, note: string | undefined): string {
    const place = `scene ${index + 1} of ${this.#scenes}`;
    return note === undefined ? place : `${place} · ${note}`;
  }

  /** For people: the phase, and what is at work. */
  get state(): string {
    const works = [...this.#atWork];
    const more = works.length - worksNamedMax;
    const named = [...works.slice(0, worksNamedMax), ...(more > 0 ? [`${more} more`] : [])];
    return describeState(this.#phase, named.join('; '));
  }

  /** Costs nothing in the history: it is read when somebody looks. */
  #show(): void {
    const done = this.#scenes - this.#toRender + this.#rendered;
    const lines = [
      `**${this.#title === '' ? 'A film' : this.#title}**: ${this.#phase}`,
      ...(this.#scenes === 0
        ? []
        : [`- scenes: ${done} of ${this.#scenes} done, ${this.#cached} from the cache`]),
      ...(this.#sound === '' ? [] : [`- the film's sound ${this.#sound}`]),
      ...(this.#failing === null ? [] : [`- failing: ${this.#failing}`]),
    ];
    setCurrentDetails(lines.join('\n'));
  }
}
