import type { TextLayer } from '../contract/layers.ts';
import type { IssueLog } from './issue-log.ts';
import { nearestName, plain } from './nearest-name.ts';
import type { FontReference } from './render-plan.ts';

type FontWish = Pick<TextLayer, 'fontFamily' | 'fontWeight' | 'fontStyle'>;

/** From this weight on a tie between two files goes to the bolder one. */
const BOLD_FROM = 500;

/** The files in which each letter is looked up: the families asked for, then all others of the catalogue in its order, so that no script is left without letters. */
export function resolveFonts(
  wish: FontWish,
  catalogue: readonly FontReference[],
  site: { readonly path: string; readonly log: IssueLog },
): readonly FontReference[] {
  const families = [...new Set(catalogue.map((font) => font.family))];
  const wanted = readFamilies(wish, families, site);
  const order = [...new Set([...wanted, ...families])];
  return order.flatMap((family) => nearestFile(wish, family, catalogue));
}

function readFamilies(
  wish: FontWish,
  families: readonly string[],
  site: { readonly path: string; readonly log: IssueLog },
): readonly string[] {
  const { fontFamily } = wish;
  const names =
    typeof fontFamily === 'string'
      ? [{ name: fontFamily, path: site.path }]
      : fontFamily.map((name, index) => ({ name, path: `${site.path}[${index}]` }));
  return names.flatMap(({ name, path }) => {
    const family = families.find((known) => plain(known) === plain(name));
    if (family === undefined) reportUnknown(name, families, { ...site, path });
    return family === undefined ? [] : [family];
  });
}

function reportUnknown(
  name: string,
  families: readonly string[],
  site: { readonly path: string; readonly log: IssueLog },
): void {
  const nearest = nearestName(name, families);
  const list = `The families are ${families.map((family) => `"${family}"`).join(', ')}.`;
  site.log.report({
    code: 'unknown-font',
    path: site.path,
    message: `The engine has no font family "${name}".`,
    hint: nearest === null ? list : `Did you mean "${nearest}"? ${list}`,
  });
}

function nearestFile(
  wish: FontWish,
  family: string,
  catalogue: readonly FontReference[],
): readonly FontReference[] {
  const files = catalogue.filter((font) => font.family === family);
  const styled = files.filter((font) => font.style === wish.fontStyle);
  const ranked = (styled.length > 0 ? styled : files).toSorted((a, b) => byWeight(a, b, wish.fontWeight));
  return ranked.slice(0, 1);
}

function byWeight(a: FontReference, b: FontReference, weight: number): number {
  const nearer = Math.abs(a.weight - weight) - Math.abs(b.weight - weight);
  if (nearer !== 0) return nearer;
  return weight >= BOLD_FROM ? b.weight - a.weight : a.weight - b.weight;
}
