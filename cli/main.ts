// The command line: which commands there are, what they take, and how they end.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { jobStatuses, qualityPresets } from '../contract/names.ts';
import { CliFailure, type ExitCode, exitCodes } from './cli-failure.ts';
import { type CommandContext, createContext, type GlobalOptions } from './command-context.ts';
import { cancelCommand, listCommand, retryCommand, statusCommand } from './job-commands.ts';
import { planCommand } from './plan-command.ts';
import { type RenderCommandOptions, renderCommand, validateCommand } from './render-command.ts';
import { exitCodeOf, isEntryPoint } from './run-program.ts';
import { Terminal } from './terminal.ts';
import { ownVersion } from './version.ts';

/** Runs one command and answers the exit code: 0 done, 1 failed or refused, 2 wrong usage. */
export async function main(commandLine: readonly string[]): Promise<ExitCode> {
  const isJson = commandLine.includes('--json');
  const terminal = new Terminal(process.stdout, process.stderr, { isJson, environment: process.env });
  return await exitCodeOf(terminal, () => parseAndRun(terminal, commandLine));
}

async function parseAndRun(terminal: Terminal, commandLine: readonly string[]): Promise<void> {
  try {
    await createProgram(terminal).parseAsync(commandLine, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help was asked for and printed.
    if (error.exitCode === 0) return;
    throw new CliFailure('USAGE', usageText(error), { exitCode: exitCodes.usage, cause: error });
  }
}

function usageText({ code, message }: CommanderError): string {
  // The help stands above already.
  if (code === 'commander.help') return 'No command was given.';
  const text = message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/[^.?!)]$/, '$&.');
  return `${text} "scenemill --help" lists all commands, "scenemill <command> --help" what one takes.`;
}

const presetsText = Object.values(qualityPresets).join(', ');

const endText = `
Examples:
  scenemill dev                   the whole stack on this machine, until Ctrl-C
  scenemill render movie.json     upload, render, watch, and save movie.mp4
  scenemill list --json           the same answers for programs

The server is that of --api-url and --api-key, else of SCENEMILL_API_URL and SCENEMILL_API_KEY, else the stack that
"scenemill dev" runs here or in a folder above.
Ends with 0: done, 1: failed or refused, 2: wrong usage, 130: stopped by Ctrl-C.`;

/** Exported for the test of its guide. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('scenemill')
    .description('Renders films described as data: scene by scene, in parallel, each scene once.')
    .version(ownVersion())
    .option('--json', 'one JSON value on stdout and nothing else')
    .option('--api-url <url>', 'the server (SCENEMILL_API_URL; else the stack that "scenemill dev" runs)')
    .option('--api-key <key>', 'the key (SCENEMILL_API_KEY)')
    .addHelpText('after', endText)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  // Exits and output are inherited by commands made after they are set.
  addRender(program, terminal);
  addJobs(program, terminal);
  addUsers(program, terminal);
  addStack(program, terminal);
  return program;
}

function addRender(program: Command, terminal: Terminal): void {
  program
    .command('render')
    .description('upload what a document names, render it, show the progress, download the film')
    .argument('<movie.json>', 'a movie document, or a whole submission')
    .option('--no-wait', 'submit and return')
    .option('-o, --output <file>', 'where the film goes (default: the name of the document, .mp4)')
    .option('--open', 'open the film when it is done')
    .option('--project <id>', 'the project (default: the document’s, else the server’s)')
    .addOption(
      new Option('--preset <name>', `scenes at once: ${presetsText}`).choices(Object.keys(qualityPresets)),
    )
    .addOption(
      new Option('--concurrency <n>', 'scenes at once, 1–32; counts before the preset').argParser(
        integer(1, 32),
      ),
    )
    .addOption(
      new Option('--crf <n>', 'quality, 0–51: lower is better and larger (default: 23)').argParser(
        integer(0, 51),
      ),
    )
    .action((file: string, options: RenderCommandOptions, command: Command) =>
      withContext(terminal, command, (context) => renderCommand(context, file, options)),
    );
  program
    .command('validate')
    .description('list every fault of a document')
    .argument('<movie.json>')
    .action((file: string, _options: unknown, command: Command) =>
      withContext(terminal, command, (context) => validateCommand(context, file)),
    );
}

function addJobs(program: Command, terminal: Terminal): void {
  const onJob = (name: string, text: string, run: (context: CommandContext, id: string) => Promise<void>) =>
    program
      .command(name)
      .description(text)
      .argument('<job-id>')
      .action((jobId: string, _options: unknown, command: Command) =>
        withContext(terminal, command, (context) => run(context, jobId)),
      );
  onJob('status', 'show a job', statusCommand);
  onJob('cancel', 'stop a job', cancelCommand);
  onJob('retry', 'render the document of an ended job again; scenes that were done are not', retryCommand);
  onJob('plan', 'show the compiled plan of a job', planCommand);
  program
    .command('list')
    .description('list jobs, newest first')
    .addOption(new Option('--limit <n>', 'jobs').argParser(integer(1, 100)).default(25))
    .addOption(new Option('--status <status>', 'only jobs of this status').choices(jobStatuses))
    .option('--cursor <cursor>', 'go on after a page')
    .action((options: Parameters<typeof listCommand>[1], command: Command) =>
      withContext(terminal, command, (context) => listCommand(context, options)),
    );
}

/** For the operator, who has the database; all other commands speak HTTP. */
function addUsers(program: Command, terminal: Terminal): void {
  const users = program
    .command('users')
    .description('users and their plans, on the database of DATABASE_URL (for the operator)');
  const add = (name: string, text: string) => users.command(name).description(text);
  const commands = () => import('./user-commands.ts');
  add('list', 'list users, newest first')
    .addOption(new Option('--limit <n>', 'users').argParser(integer(1, 100)).default(25))
    .option('--cursor <cursor>', 'go on after a page')
    .action(async (options: { limit: number; cursor?: string }) =>
      (await commands()).listUsersCommand(terminal, process.env, options),
    );
  add('plans', 'list plans and their limits').action(async () =>
    (await commands()).listPlansCommand(terminal, process.env),
  );
  add('add', 'make a user with a project and a key, which is shown this once')
    .argument('<email>')
    .requiredOption('--plan <plan>', 'one of "scenemill users plans"')
    .action(async (email: string, { plan }: { plan: string }) =>
      (await commands()).addUserCommand(terminal, process.env, { email, plan }),
    );
  add('plan', 'move a user to another plan')
    .argument('<user-id>')
    .argument('<plan>')
    .action(async (userId: string, plan: string) =>
      (await commands()).setPlanCommand(terminal, process.env, { userId, plan }),
    );
  add('key', 'make a further key for a user, shown this once')
    .argument('<user-id>')
    .option('--name <name>', 'to tell keys apart', 'by the operator')
    .action(async (userId: string, { name }: { name: string }) =>
      (await commands()).issueKeyCommand(terminal, process.env, { userId, name }),
    );
}

/** These load servers and provisioning, which the other commands have no use for. */
function addStack(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('tell what this machine lacks and the command that installs it')
    .action(async () => (await import('./doctor-command.ts')).doctorCommand(terminal));
  program
    .command('dev')
    .description('run the whole stack on loopback until Ctrl-C')
    .action(async () => (await import('./dev.ts')).runDev(terminal));
}

async function withContext(
  terminal: Terminal,
  command: Command,
  run: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const { apiUrl = null, apiKey = null } = command.optsWithGlobals<GlobalOptions>();
  const parts = { terminal, environment: process.env, folder: process.cwd() };
  await run(createContext(parts, { apiUrl, apiKey }));
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

if (isEntryPoint(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
