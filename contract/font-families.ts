/** The families that ship with the engine, in the order in which they stand in for each other. */
export const fontFamilies = [
  'Noto Sans',
  'Noto Naskh Arabic',
  'Noto Sans Hebrew',
  'Noto Sans JP',
  'Noto Color Emoji',
] as const;
export type FontFamily = (typeof fontFamilies)[number];

/** The scripts whose letters these families have, all or nearly all of those in use; of Han those of Japanese. */
export const coveredScripts = [
  'Latin',
  'Greek',
  'Cyrillic',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Han',
  'Hiragana',
  'Katakana',
  'Bopomofo',
] as const;
