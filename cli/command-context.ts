import { ApiClient } from './api-client.ts';
import { findTarget, type Target } from './connection.ts';
import type { Terminal } from './terminal.ts';

export type GlobalOptions = { readonly json?: boolean; readonly apiUrl?: string; readonly apiKey?: string };

/** What every command is given; the server is looked for only by those that speak to it. */
export type CommandContext = {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the command was given. */
  readonly folder: string;
  readonly connect: () => Promise<{ readonly client: ApiClient; readonly target: Target }>;
};

export function createContext(
  parts: Omit<CommandContext, 'connect'>,
  { apiUrl = null, apiKey = null }: { apiUrl?: string | null; apiKey?: string | null },
): CommandContext {
  return {
    ...parts,
    connect: async () => {
      const target = await findTarget({ apiUrl, apiKey }, parts.environment, parts.folder);
      return { client: new ApiClient(target), target };
    },
  };
}
