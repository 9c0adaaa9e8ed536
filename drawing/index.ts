// The door of this room: text and shapes to RGBA stills.
export { createDrawer, type Drawer } from './drawer.ts';
export { drawingVersion } from './drawing-version.ts';
export { type FontFace, loadFontCatalogue } from './font-catalogue.ts';
