// Who may import whom (ARCHITECTURE.md). One rule per room; a new exception needs a page in docs/decisions.
const rooms = [
  'contract',
  'plan-compiler',
  'workflows',
  'activities',
  'drawing',
  'ffmpeg',
  'storage',
  'database',
  'telemetry',
  'workers',
  'api',
  'cli',
  'tools',
];

const placePattern = (place) => (place.endsWith('.ts') ? place : `${place}/`);

/** A room may import itself and the rooms or files named, and nothing else of ours. */
const mayImport = (room, allowed) => ({
  name: `${room}-imports-only-${['itself', ...allowed].join('-')}`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: {
    path: `^(${rooms.join('|')}|tests|bench|examples)/`,
    pathNot: `^(${[room, ...allowed].map(placePattern).join('|')})`,
  },
});

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    mayImport('contract', []),
    mayImport('plan-compiler', ['contract']),
    mayImport('workflows', ['contract', 'plan-compiler']),
    mayImport('drawing', ['contract', 'plan-compiler']),
    mayImport('ffmpeg', ['contract', 'plan-compiler']),
    mayImport('storage', ['contract']),
    mayImport('database', ['contract']),
    mayImport('activities', [
      'contract',
      'plan-compiler',
      'workflows/activity-types.ts',
      'drawing',
      'ffmpeg',
      'storage',
      'database',
    ]),
    mayImport('telemetry', ['contract']),
    mayImport('workers', [
      'contract',
      'telemetry',
      'plan-compiler',
      'workflows',
      'activities',
      'drawing',
      'ffmpeg',
      'storage',
      'database',
    ]),
    mayImport('api', ['contract', 'plan-compiler', 'database', 'storage', 'telemetry']),
    mayImport('cli', ['contract', 'tools', 'api/manage-users.ts']),
    mayImport('tools', ['contract']),
    {
      name: 'pure-rooms-use-no-node-built-ins',
      comment: 'contract is data; plan-compiler is pure and may only hash.',
      severity: 'error',
      from: { path: '^(contract|plan-compiler)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'workflows-are-deterministic',
      comment: 'No Node built-ins and no zod at run time in workflow code.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '^workflows/bundle' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'workflows-take-values-only-from-names-and-schedule',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        path: '^(contract|plan-compiler)/',
        pathNot: '^contract/(names|errors|progress)',
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'] },
  },
};
