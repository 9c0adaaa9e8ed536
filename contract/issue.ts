/** One fault of a document: where it stands (JSON path from the request's root), what is wrong and what to do. */
export type DocumentIssue = {
  readonly code: string;
  /** For example `movie.scenes[3].layers[0].trimStart`. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
};
