/** The families that ship with the engine, in the order in which they stand in for each other. */
export const fontFamilies = [
  'Noto Sans',
  'Noto Naskh Arabic',
  'Noto Sans Hebrew',
  'Noto Sans JP',
  'Noto Color Emoji',
] as const;
export type FontFamily = (typeof fontFamilies)[number];
