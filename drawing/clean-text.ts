const newline = /\r\n|[\r\u0085\u2028\u2029\v\f]/g;
const tab = /\t/g;
/** Tofu boxes in every font, or (bidi and joining marks are not among them) nothing at all. */
const control = /[\p{Cc}\u{FFF9}-\u{FFFB}]/gu;
const loneSurrogate = /\p{Cs}/gu;

/** The text as paragraphs: one kind of newline, tabs as spaces, no control characters, no broken surrogates. */
export function paragraphsOf(text: string): readonly string[] {
  return text
    .replace(newline, '\n')
    .replace(tab, '    ')
    .split('\n')
    .map((paragraph) => paragraph.replace(control, '').replace(loneSurrogate, '\uFFFD'));
}
