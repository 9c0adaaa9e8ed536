import type { DocumentIssue } from '../contract/issue.ts';
import { formatPath, type PathStep } from './json-path.ts';
import { type DocumentPart, partAt, partsWith } from './known-properties.ts';
import { nearestName, plain } from './nearest-name.ts';
import { aliases, aliasNotes, unsupportedProperties } from './unsupported.ts';

/** Says of a property that the schema does not know what it may have been meant as. */
export function explainProperty(name: string, steps: readonly PathStep[], document: unknown): DocumentIssue {
  const path = formatPath([...steps, name]);
  const part = partAt(steps, document);
  const shown = name.length > 80 ? `${name.slice(0, 80)}…` : name;
  const meant = part === null ? null : aliasOf(name, part);
  if (meant !== null) return unknown(path, shown, { part, hint: meant });
  if (Object.hasOwn(unsupportedProperties, name)) {
    return {
      code: 'not-in-this-version',
      path,
      message: `"${shown}" is not in this version of the engine.`,
      hint: unsupportedProperties[name] ?? null,
    };
  }
  return unknown(path, shown, { part, hint: part === null ? null : guess(name, part) });
}

function unknown(
  path: string,
  name: string,
  { part, hint }: { readonly part: DocumentPart | null; readonly hint: string | null },
): DocumentIssue {
  const owner = part === null ? 'this object' : part.noun;
  return {
    code: 'unknown-property',
    path,
    message: `"${name}" is not a property of ${owner}.`,
    hint,
  };
}

const peerNames = new Map(
  Object.entries(aliases).map(([alias, names]) => [plain(alias), { names, note: aliasNotes[alias] ?? '' }]),
);

/** What to write for what peers or older clients call it, or for another spelling ("frame_rate", "z-index"). */
function aliasOf(name: string, part: DocumentPart): string | null {
  const spelling = part.properties.find((property) => plain(property) === plain(name));
  if (spelling !== undefined) return `Write \`${spelling}\`.`;
  const peer = peerNames.get(plain(name));
  const meant = peer?.names.find((candidate) => part.properties.includes(candidate));
  if (peer === undefined || meant === undefined) return null;
  return `Write \`${meant}\`${meant === peer.names[0] ? peer.note : ''}.`;
}

function guess(name: string, part: DocumentPart): string | null {
  const owners = part.isDetail ? [] : partsWith(name);
  if (owners.length > 0) return `It belongs to ${owners.join(', ')}.`;
  const nearest = nearestName(name, part.properties);
  if (nearest !== null) return `Did you mean \`${nearest}\`?`;
  return part.isDetail ? `It has ${part.properties.map((each) => `\`${each}\``).join(', ')}.` : null;
}
