// The showreel's sound, written as formulas: a bed of slow chords with a plucked figure, and a clip with a ticking sound.
import { type MediaRecipe, videoEncoding } from './picture-recipes.ts';

/** The bed has no treble: a quarter of the samples is a quarter of the work. */
const drawnRate = 12_000;
const bedSeconds = 64;
const chordSeconds = 4;

/** MIDI notes: A minor 9, F major 7, C, G with a suspended fourth. */
const chords: readonly (readonly number[])[] = [
  [45, 57, 60, 64, 71],
  [41, 57, 60, 64, 69],
  [48, 55, 60, 64, 67],
  [43, 55, 59, 62, 69],
];
const figure = [1, 2, 3, 4, 3, 2, 4, 3];

export const soundRecipes: readonly MediaRecipe[] = [
  { file: 'bed.m4a', arguments: musicBed() },
  { file: 'clockwork.mp4', arguments: clockwork() },
];

function musicBed(): readonly string[] {
  const graph = [
    `aevalsrc=${quoted(`${pads('left')}|${pads('right')}`)}:s=${drawnRate}:d=${bedSeconds}`,
    'lowpass=f=1500,aresample=48000,tremolo=f=0.25:d=0.2[pads]',
    `;aevalsrc=${quoted(plucks())}:s=${drawnRate}:d=${bedSeconds}`,
    'lowpass=f=3600,aresample=48000,aecho=0.8:0.75:375|500:0.34|0.22,pan=stereo|c0=0.85*c0|c1=c0[plucks]',
    `;aevalsrc=${quoted(pulse())}:s=${drawnRate}:d=${bedSeconds}`,
    'lowpass=f=4800,aresample=48000,pan=stereo|c0=c0|c1=c0[pulse]',
    ';[pads][plucks][pulse]amix=inputs=3:normalize=0:duration=first',
    `alimiter=limit=0.8:level=0,afade=t=in:d=1.5,afade=t=out:st=${bedSeconds - 4}:d=4`,
  ];
  return ['-filter_complex', joined(graph), '-c:a', 'aac', '-b:a', '160k', '-ar', '48000'];
}

/** Each chord swells and sinks over the next one; the two sides are tuned a hair apart. */
function pads(side: 'left' | 'right'): string {
  const detune = side === 'left' ? 0.9985 : 1.0015;
  const cycleSeconds = chordSeconds * chords.length;
  const voices = chords.map((notes, index) => {
    const phase = `mod(t-${index * chordSeconds}+${cycleSeconds + 1},${cycleSeconds})`;
    const swell = `clip(${phase}/1.4,0,1)*clip((${chordSeconds + 2}-${phase})/2,0,1)`;
    const tones = notes.map((note, voice) => tone(frequency(note) * detune, voice === 0 ? 0.1 : 0.055));
    return `(${swell})*(${tones.join('+')})`;
  });
  return voices.join('+');
}

/** An octave above the pads, eight notes to a chord; it joins after the first round. */
function plucks(): string {
  const seconds = chordSeconds / figure.length;
  const step = `mod(floor(t/${seconds}),${figure.length * chords.length})`;
  const notes = chords.flatMap((chord) => figure.map((voice) => frequency((chord[voice] ?? 60) + 12)));
  const pitch = notes.reduceRight<string>(
    (rest, hertz, at) => `if(lt(${step},${at + 1}),${hertz.toFixed(3)},${rest})`,
    '440',
  );
  const since = `mod(t,${seconds})`;
  const entry = 'clip((t-6)/8,0,1)';
  return `st(0,${pitch});st(1,${since});${entry}*0.17*exp(-7*ld(1))*clip(ld(1)/0.004,0,1)*(sin(2*PI*ld(0)*ld(1))+0.25*sin(4*PI*ld(0)*ld(1)))`;
}

/** A heartbeat and a soft brush, from the third round of chords on. */
function pulse(): string {
  const beat = 'st(1,mod(t,1));0.32*exp(-9*ld(1))*sin(2*PI*(48*ld(1)+2.2*(1-exp(-30*ld(1)))))';
  const brush = 'st(2,mod(t+0.5,1));0.05*exp(-26*ld(2))*(random(0)*2-1)';
  return `clip((t-14)/4,0,1)*((${beat})+(${brush}))`;
}

/** Rings that turn like the wheels of a clock, with a tick each half second: a clip that brings its own sound. */
function clockwork(): readonly string[] {
  const seconds = 5;
  const ring = (radius: number, teeth: number, turn: number) =>
    `exp(-pow((ld(0)-${radius})/1.9,2))*clip(0.4+2.5*sin(${teeth}*(ld(1)+T*(${turn}))),0,1)`;
  const rings = [ring(18, 6, 0.9), ring(34, 12, -0.5), ring(52, 20, 0.32), ring(72, 28, -0.2)];
  const light = `st(0,hypot(X-120,Y-67.5));st(1,atan2(Y-67.5,X-120));190*(${rings.join('+')})`;
  const picture = [
    'color=black:s=240x135:r=30,format=gray',
    `geq=lum=${quoted(light)},format=gbrp`,
    "lutrgb=r='13+val*0.92':g='18+val*0.66':b='40+val*0.26'",
    'scale=out_color_matrix=bt709:out_range=tv,format=yuv444p,scale=1920:1080:flags=bicubic,format=yuv420p',
  ].join(',');
  const tick = (period: number, hertz: number, gain: number) =>
    `${gain}*exp(-70*mod(t,${period}))*sin(2*PI*${hertz}*mod(t,${period}))`;
  const sound = `aevalsrc=${quoted(`${tick(0.5, 2100, 0.5)}+${tick(1, 1250, 0.5)}`)}:s=48000:d=${seconds},aecho=0.8:0.6:60:0.2`;
  return [
    ...['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, '-t', String(seconds)],
    ...[...videoEncoding, '-c:a', 'aac', '-b:a', '128k', '-ac', '2'],
  ];
}

function tone(hertz: number, gain: number): string {
  const wave = (multiple: number) => `sin(2*PI*${(hertz * multiple).toFixed(3)}*t)`;
  return `${gain}*(${wave(1)}+0.3*${wave(2)})`;
}

function frequency(midiNote: number): number {
  return 440 * 2 ** ((midiNote - 69) / 12);
}

function quoted(expression: string): string {
  return `'${expression}'`;
}

/** Filters in a row take a comma; a piece that begins with a semicolon opens a new row. */
function joined(pieces: readonly string[]): string {
  return pieces.reduce((graph, piece) => (piece.startsWith(';') ? graph + piece : `${graph},${piece}`));
}
