// Names what a refused file seems to be, so that its owner knows what went wrong.

/** What the first bytes look like, as the end of "it seems to be …". */
export function nameContent(head: Buffer): string {
  if (head.length === 0) return 'empty';
  if (head.every((byte) => byte === 0)) return 'nothing but zero bytes';
  const latin = head.toString('latin1');
  const known = formats.find(({ pattern }) => pattern.test(latin));
  if (known !== undefined) return known.name;
  return isText(head) ? 'plain text' : 'of an unknown format, damaged or encrypted';
}

/** Looked at in this order; patterns stand on Latin-1 text, one letter a byte. */
const formats: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'an HLS playlist, which refers to other files', pattern: /^(?:\xef\xbb\xbf)?\s*#EXTM3U/ },
  {
    name: 'an ffconcat script, which refers to other files',
    pattern: /^(?:\xef\xbb\xbf)?\s*ffconcat version/,
  },
  { name: 'an SVG drawing; export it as PNG', pattern: /^(?:\xef\xbb\xbf)?\s*(?:<[?!][^>]*>\s*)*<svg/i },
  { name: 'a DASH manifest, which refers to other files', pattern: /<MPD[\s>]/ },
  { name: 'an HTML page', pattern: /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)/i },
  { name: 'an XML document', pattern: /^(?:\xef\xbb\xbf)?\s*<\?xml/ },
  { name: 'a PDF document', pattern: /^%PDF-/ },
  { name: 'a ZIP archive or an office document', pattern: /^PK[\x03\x05\x07]/ },
  { name: 'a compressed archive', pattern: /^(?:\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd)/ },
  { name: 'an animated WebP; convert it to MP4 or GIF', pattern: /^RIFF[^]{4}WEBP/ },
  { name: 'a HEIC or AVIF picture; convert it to JPEG or PNG', pattern: /^[^]{4}ftyp/ },
  { name: 'an AVI video; convert it to MP4', pattern: /^RIFF[^]{4}AVI / },
  { name: 'a Windows Media file; convert it to MP4', pattern: /^\x30\x26\xb2\x75/ },
  { name: 'a Flash video; convert it to MP4', pattern: /^FLV\x01/ },
  {
    name: 'an MPEG transport or program stream; convert it to MP4',
    pattern: /^(?:\x47[^]{187}\x47|\0\0\x01\xba)/,
  },
  { name: 'an AIFF or CAF sound; convert it to WAV', pattern: /^(?:FORM[^]{4}AIF|caff)/ },
  { name: 'a BMP or TIFF picture; convert it to PNG', pattern: /^(?:BM[^]{4}\0\0\0\0|II\*\0|MM\0\*)/ },
  { name: 'a program', pattern: /^(?:\x7fELF|MZ|#!)/ },
  { name: 'a JSON document', pattern: /^\s*[{[][\s"]/ },
];

/** No control letters but white space, and valid UTF-8 except perhaps for a letter cut at the end. */
function isText(head: Buffer): boolean {
  const decoded = head.toString('utf8');
  const broken = decoded.slice(0, -1).includes('\ufffd');
  return !broken && !/[\0-\x08\x0e-\x1f\x7f]/.test(decoded);
}
