// Texts that try to do harm: markup, templates, terminal codes, direction overrides, stacked marks, endless words.

const SHARP = [
  '<img src=x onerror="window.harmed=1">',
  '<script>window.harmed=1</script>',
  '"><svg onload=window.harmed=1>',
  "'><iframe srcdoc='<script>parent.harmed=1</script>'>",
  "javascript:window.harmed=1//'",
  '<a href="javascript:window.harmed=1">x</a>',
  '<style>*{display:none}</style>',
  '<base href="http://127.0.0.1:9/">',
  '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
  '<form action="http://127.0.0.1:9/"><button>ok</button></form>',
  '<details open ontoggle=window.harmed=1>',
  '<math><mtext></p><img src=x onerror=window.harmed=1>',
  '</title><script>window.harmed=1</script>',
  '--><!--><svg/onload=window.harmed=1>',
  '{{constructor.constructor("window.harmed=1")()}}',
  '${window.harmed=1}',
  '{@html "<img src=x onerror=window.harmed=1>"}',
  '<%= window.harmed=1 %>',
  '__proto__',
  'constructor',
  'data:text/html,<script>window.harmed=1</script>',
  'file:///etc/passwd',
  '#/servers/../../profiles?x=<svg onload=window.harmed=1>',
  '\u001b[2J\u001b[31mcleared\u001b]8;;http://x\u0007link\u001b]8;;\u0007',
  '\u009b31mC1\u009b0m \u001b]0;title\u0007\u001bPq#0\u001b\\',
  '\u202egnp.exe\u2066 abc \u200f\u2067def\u2069',
  '\u061c\u200e\u200f\u2028line\u2029paragraph\ufeff',
  'a\u0000b\u0008\u0007c\r\nd\te\u000bf\u000c',
  '\ud800 lone \udfff surrogate',
  '🚀👩‍👩‍👧‍👦🏳️‍🌈🇨🇿 e\u0301 \u5bb6\u65cf \u0928\u0940 \ufdfd',
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034d A\u036b\u0357\u0334\u0362',
  "'; DROP TABLE launches; --",
  '../../../../etc/passwd%00',
  '&lt;b&gt;&#x3c;script&#x3e;window.harmed=1&#x3c;/script&#x3e;',
  '%3Cscript%3Ewindow.harmed=1%3C/script%3E',
  '\\u003cscript\\u003ewindow.harmed=1\\u003c/script\\u003e',
  ' '.repeat(40),
  'NaN',
  '-2147483649',
  '١٢٣ עברית العربية ไทย',
];

const SHAPES: ((sharp: string, at: number) => string)[] = [
  (sharp) => sharp,
  (sharp, at) => `${sharp} ${at}`,
  (sharp, at) => sharp.repeat(2 + (at % 5)),
  (sharp, at) => `${'W'.repeat(400 + at)}${sharp}`,
  (sharp, at) => `${sharp}${'\u5bb6'.repeat(300 + at)}`,
  (sharp) => `\u202e${sharp}\u001b[31m${sharp}`,
  (sharp, at) => `word ${at} `.repeat(60) + sharp,
  (sharp) => `🚀${sharp}👩‍👩‍👧‍👦`.repeat(12),
];

/** `wanted` texts, each payload in each shape before any comes again with another number. */
export function hostileTexts(wanted: number): string[] {
  return Array.from({ length: wanted }, (_, at) => {
    const sharp = SHARP[at % SHARP.length] ?? '';
    const shape = SHAPES[Math.floor(at / SHARP.length) % SHAPES.length];
    return shape?.(sharp, at) ?? sharp;
  });
}
