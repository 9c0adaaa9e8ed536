// The queries of the dashboard and of the alerts, parsed by Prometheus's own grammar: which names and labels do they use?
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { parse as parseYaml } from 'yaml';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

const at = (path: string): string =>
  readFileSync(new URL(`../../deploy/monitoring/${path}`, import.meta.url), 'utf8');

export function dashboardQueries(): readonly string[] {
  const { panels } = JSON.parse(at('grafana-dashboard.json')) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

export function alertQueries(): readonly string[] {
  const { groups } = parseYaml(at('alerts.yaml')) as {
    readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
}

type Selector = { readonly name: string; readonly labels: readonly string[] };

export type ParsedQuery = {
  /** Each metric with the labels that its selector asks for. */
  readonly selectors: readonly Selector[];
  /** Labels by which something is grouped. */
  readonly grouped: readonly string[];
};

/** Throws where the text is not PromQL. */
export function parseQuery(query: string): ParsedQuery {
  const selectors: Selector[] = [];
  const grouped: string[] = [];
  const text = (node: SyntaxNode): string => query.slice(node.from, node.to);
  parser.parse(query).iterate({
    enter: ({ node, type }) => {
      if (type.isError) throw new Error(`not PromQL at ${node.from}: ${query}`);
      if (type.name === 'VectorSelector') selectors.push(readSelector(node, text));
      if (type.name === 'GroupingLabels') grouped.push(...below(node, 'LabelName').map(text));
    },
  });
  return { selectors, grouped };
}

function readSelector(node: SyntaxNode, text: (node: SyntaxNode) => string): Selector {
  const name = node.getChild('Identifier');
  return { name: name === null ? '' : text(name), labels: below(node, 'LabelName').map(text) };
}

/** All nodes of a kind, however deep. */
function below(node: SyntaxNode, kind: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    found.push(...(child.name === kind ? [child] : below(child, kind)));
  return found;
}
