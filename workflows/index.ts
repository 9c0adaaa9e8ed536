// The door of the workflow bundle: every export is a workflow, by the name it is started with.
export { ingestAsset } from './ingest-asset.ts';
export { keepHouse } from './keep-house.ts';
export { renderMovie } from './render-movie.ts';
