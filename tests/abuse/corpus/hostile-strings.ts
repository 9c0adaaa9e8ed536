// Texts that mean something to a shell, to FFmpeg's graphs, to its drawtext and subtitle filters, to markup or to a terminal.

/** On one line: each is to be drawn letter for letter. */
export const hostileLines: readonly (readonly [title: string, text: string])[] = [
  ['single quotes', "it's 'quoted'"],
  ['double quotes', 'say "hi"'],
  ['backslashes', 'a\\b\\\\c\\n'],
  ['colons', 'a:b::c'],
  ['commas, semicolons, brackets', 'a,b;c[d]e'],
  ['per cent', '50% off 100%%'],
  ['drawtext expansion', '%{pts} %{eif:1:d} %{localtime}'],
  ['a filter that breaks out', "x',drawtext=textfile=/etc/passwd,drawtext=text='"],
  ['a movie source', "';movie=/etc/passwd[a];[in][a]overlay"],
  ['stream labels', '[0:v]scale=1:1[out]'],
  ['a subtitle override', '{\\fs80}{\\p1}m 0 0 l 9 9{\\p0}'],
  ['a subtitle event', 'Dialogue: 0,0:00:00.00,9:59:59.99,Default,,0,0,0,,hi'],
  ['markup', '<b>bold</b> &amp; <script>alert(1)</script>'],
  ['a shell command', '$(id) `id` ${HOME} ; rm -rf / | cat > x'],
  ['a path', '../../../etc/passwd'],
  ['an address', 'file:///etc/passwd http://127.0.0.1/'],
  ['a database command', "'; DROP TABLE jobs; --"],
  ['a format string', '%s%n%d%x'],
  ['a template', '{{7*7}} ${7*7} <%= 7 %> #{7}'],
  ['spaces at both ends', '  a  b  '],
  ['plus, minus, equals', '-vf null -i /etc/passwd =+@SUM(A1)'],
  ['unicode letters', 'Žluťoučký kůň ÆØÅ ñ ß'],
];

/** Each with the text that it must look like: what cannot be drawn goes, every kind of newline is one. */
export const hostileAlike: readonly (readonly [title: string, text: string, same: string])[] = [
  ['a carriage return', 'one\r\ntwo\rthree', 'one\ntwo\nthree'],
  ['a zero byte', 'one\u0000two', 'onetwo'],
  ['a terminal escape', 'one\u001B[31mtwo', 'one[31mtwo'],
  ['a byte order mark', '\uFEFFone', 'one'],
  ['half a surrogate pair', 'a\uD83Db', 'a\uFFFDb'],
  ['a separator of lines', 'one\u2028two', 'one\ntwo'],
];
