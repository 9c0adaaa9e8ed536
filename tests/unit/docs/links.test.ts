// Every link between our pages leads to something that is there, down to the heading.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const below = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { encoding: 'utf8', recursive: true }).map((name) => join(folder, name));
const pages = [...readdirSync(root), ...['docs', 'examples', 'bench', 'deploy', 'tests'].flatMap(below)]
  .filter((name) => name.endsWith('.md'))
  .sort();

const read = (page: string): string => readFileSync(join(root, page), 'utf8');
/** Code may hold what looks like a link. */
const prose = (page: string): string =>
  read(page)
    .replace(/^```[^]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '');

/** As GitHub makes the anchor of a heading. */
function anchorsOf(page: string): readonly string[] {
  const headings = [
    ...read(page)
      .replace(/^```[^]*?^```/gm, '')
      .matchAll(/^#+ +(.+)$/gm),
  ];
  return headings.map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function faultOf(page: string, link: string): string | null {
  if (/^https?:/.test(link)) return null;
  const [path = '', anchor = ''] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return `${page} → ${link}: no such file`;
  if (anchor === '' || anchorsOf(target).includes(anchor)) return null;
  return `${page} → ${link}: no such heading`;
}

describe('the pages', () => {
  it('are those of the repository', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'docs/operations.md']));
  });

  it.each(pages)('%s has no broken link', (page) => {
    const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)|<img[^>]+src="([^"]+)"/g)];
    const faults = links.map(([, link = '', image = '']) => faultOf(page, link === '' ? image : link));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });

  it('name decisions that are there by their numbers', () => {
    const numbers = new Set(pages.flatMap((page) => /^docs\/decisions\/(\d{3})-/.exec(page)?.[1] ?? []));
    expect(numbers.size).toBe(pages.filter((page) => page.startsWith('docs/decisions/')).length);
    for (const page of pages)
      for (const [, number = ''] of prose(page).matchAll(/\[decision (\d{3})\]/g))
        expect(numbers).toContain(number);
  });
});
