// The showreel's pictures as FFmpeg sources: drawn small by formulas, then enlarged, so that they cost little to make.

/** One media file and the FFmpeg arguments that draw it, without the program and the output's name. */
export type MediaRecipe = { readonly file: string; readonly arguments: readonly string[] };

/** Encoder settings of everything with pictures. One thread count everywhere: the bytes depend on it. */
export const videoEncoding = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-threads', '2', '-pix_fmt', 'yuv420p'],
  ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
  ...['-movflags', '+faststart'],
];

/** Colours are turned to YCbCr while the picture is small: enlarging costs half as much after it. */
const toVideo = (size: '1920:1080' | '1080:1920') =>
  `scale=out_color_matrix=bt709:out_range=tv,format=yuv444p,scale=${size}:flags=bicubic,format=yuv420p`;
/** A little grain hides the steps that 8 bits leave in dark, slow gradients. */
const grain = 'noise=c0_seed=11:c0_strength=3:c0_flags=t';

export const pictureRecipes: readonly MediaRecipe[] = [
  video('aurora.mp4', 7, aurora()),
  video('bokeh.mp4', 6, bokeh()),
  video('deep.mp4', 6, deep()),
  video('ribbons.mp4', 6, ribbons()),
  video('cells.mp4', 5, cells()),
  image('ridges.jpg', ridges()),
  image('contours.jpg', contours()),
  image('skyline.jpg', skyline()),
  image('planet.jpg', planet()),
];

function video(file: string, seconds: number, source: string): MediaRecipe {
  return { file, arguments: ['-f', 'lavfi', '-i', source, '-t', String(seconds), ...videoEncoding] };
}

function image(file: string, source: string): MediaRecipe {
  const encoding = ['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p'];
  return { file, arguments: ['-f', 'lavfi', '-i', source, ...encoding] };
}

/** Slow curtains of teal and violet on navy. */
function aurora(): string {
  const sway = 'X/19+T*0.45+2*sin(Y/20+T*0.3)';
  const curtain = `pow(0.5+0.5*sin(${sway}),2)`;
  const veil = 'pow(0.5+0.5*sin(X/26-T*0.35+1.4*sin(Y/16+T*0.4)),3)';
  const fade = '(0.25+0.75*pow(1-Y/H,0.8))';
  return chain(
    'color=black:s=96x54:r=30',
    rgb({
      red: `14+${fade}*(66*${veil}+10*${curtain})`,
      green: `18+${fade}*(96*${curtain}+22*${veil})`,
      blue: `44+${fade}*(84*${curtain}+104*${veil})`,
    }),
    toVideo('1920:1080'),
    grain,
  );
}

/** Discs of light out of focus, at 25 frames a second. */
function bokeh(): string {
  const discs = [
    disc({ x: '23+15*sin(T*0.5)', y: '32+7*cos(T*0.4)', radius: 13, edge: 4.5, light: 80 }),
    disc({ x: '113+13*cos(T*0.35)', y: '28+10*sin(T*0.5)', radius: 20, edge: 7, light: 105 }),
    disc({ x: '75+20*sin(T*0.6+2)', y: '66+8*cos(T*0.45)', radius: 9, edge: 2.5, light: 120 }),
    disc({ x: '142+10*sin(T*0.3)', y: '71+7*cos(T*0.5+1)', radius: 27, edge: 9, light: 95 }),
    disc({ x: '46+17*cos(T*0.55)', y: '76+5*sin(T*0.7)', radius: 6.5, edge: 2, light: 105 }),
    disc({ x: '95+15*sin(T*0.42+4)', y: '9+6*cos(T*0.5)', radius: 11, edge: 3.5, light: 90 }),
  ];
  const light = 'g(X,Y)';
  return chain(
    'color=black:s=160x90:r=25',
    `format=gray,geq=lum=${quoted(discs.join('+'))},format=gbrp`,
    rgb({
      red: `15+${light}*(0.2+1.15*X/W)`,
      green: `17+${light}*0.72`,
      blue: `42+${light}*(1.05-0.85*X/W)`,
    }),
    toVideo('1920:1080'),
    grain,
  );
}

/** A dive into the edge of the Mandelbrot set, at 24000/1001 frames a second. */
function deep(): string {
  const place = 'start_x=-0.743643887037158:start_y=-0.131825904205311';
  const zoom = 'start_scale=0.02:end_scale=0.0006:end_pts=144';
  return chain(
    `mandelbrot=s=960x540:r=24000/1001:${place}:${zoom}:maxiter=900:inner=black`,
    'format=gray,gblur=2.2,format=gbrp',
    "lutrgb=r='12+50*pow(val/255,2.6)':g='18+112*pow(val/255,1.9)':b='44+104*pow(val/255,1.1)'",
    toVideo('1920:1080'),
  );
}

/** Upright 1080×1920: warm waves, as a telephone would film them. */
function ribbons(): string {
  const wave = 'Y+26*sin(X/60+T*0.8)+14*sin(X/23-T*0.6)';
  return chain(
    'color=black:s=270x480:r=30',
    `format=gray,geq=lum=${quoted(`255*(0.5+0.5*sin((${wave})/12+T*2))*(0.3+0.7*Y/H)`)},format=gbrp`,
    "lutrgb=r='18+val*0.92':g='20+val*0.44':b='50+val*0.36'",
    toVideo('1080:1920'),
  );
}

/** Conway's game of life on a board of tiles. */
function cells(): string {
  const colours = 'life_color=#F5B94A:death_color=#101B34:mold_color=#1B5566';
  return chain(
    `life=s=96x54:r=15:mold=6:seed=7:ratio=0.28:${colours}`,
    'scale=1920:1080:flags=neighbor,drawgrid=w=20:h=20:t=3:c=#0B1226,fps=30',
    'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p',
  );
}

/** Mountains at dusk, one behind the other. */
function ridges(): string {
  // Drawn at two thirds and enlarged: haze has no sharp edges.
  const [x, y] = ['(1.5*X)', '(1.5*Y)'];
  const crest = (base: number, waves: string) => `gt(${y},${base}+${waves})`;
  const layers = [
    crest(610, `60*sin(${x}/210)+34*sin(${x}/83+1)+12*sin(${x}/31)`),
    crest(740, `80*sin(${x}/260+2)+40*sin(${x}/97)+14*sin(${x}/37+2)`),
    crest(890, `90*sin(${x}/330+4)+46*sin(${x}/121+3)+16*sin(${x}/43)`),
    crest(1060, `100*sin(${x}/400+1)+52*sin(${x}/150+5)+18*sin(${x}/51+1)`),
    crest(1240, `90*sin(${x}/470+3)+60*sin(${x}/180+1)+20*sin(${x}/57+4)`),
  ];
  const depth = layers.join('+');
  const sun = `exp(-pow(hypot(${x}-1560,${y}-560)/170,4))`;
  const glow = `exp(-hypot(${x}-1560,${y}-560)/520)`;
  const shade = (sky: string, ground: readonly number[]) =>
    `st(0,${depth});if(eq(ld(0),0),${sky},${choose('ld(0)', ground)}+${glow}*(70-13*ld(0)))`;
  return chain(
    'color=black:s=1600x1066:r=1',
    rgb({
      red: shade(`40+150*pow(${y}/900,1.4)+90*${glow}+120*${sun}`, [128, 92, 60, 36, 18]),
      green: shade(`36+70*pow(${y}/900,1.6)+70*${glow}+100*${sun}`, [70, 56, 42, 28, 18]),
      blue: shade(`84+40*pow(${y}/900,0.8)+10*${glow}+60*${sun}`, [104, 88, 70, 54, 38]),
    }),
    'scale=2400:1600:flags=lanczos',
  );
}

/** A map of heights in thin lines on paper. */
function contours(): string {
  const height = '3*sin(X/330+1.3*sin(Y/420))+2.4*sin(Y/270+X/610)+1.6*sin((X+Y)/240)+1.1*sin((X-2*Y)/410)';
  const line = `st(0,(${height})*2.4);exp(-pow(abs(ld(0)-round(ld(0)))*14,2))*if(eq(mod(round(ld(0)),4),0),1,0.45)`;
  const ink = (paper: number, depth: number) => `${paper}-12*hypot(X/W-0.5,Y/H-0.5)-${depth}*(${line})`;
  return chain(
    'color=black:s=2400x1600:r=1',
    rgb({ red: ink(244, 200), green: ink(239, 110), blue: ink(228, 96) }),
  );
}

/** A town at night: every window is lit or dark by a fixed formula. */
function skyline(): string {
  const hash = (seed: string) => `mod(abs(sin(${seed})*43758.5453),1)`;
  const house = (width: number, top: number, seed: number) =>
    `gt(Y,${top}+420*${hash(`floor(X/${width})*12.9898+${seed}`)})`;
  const windowOf = (width: number, seed: number) =>
    `between(mod(X,${width / 5}),6,${width / 5 - 8})*between(mod(Y,34),8,24)*` +
    `gt(${hash(`floor(X/${width / 5})*7.13+floor(Y/34)*3.77+${seed}`)},0.62)`;
  const pick = (sky: string, far: number, near: number) => (lit: readonly [number, number]) =>
    `if(${house(150, 900, 3)},${near}+${lit[1]}*${windowOf(150, 5)},` +
    `if(${house(100, 640, 1)},${far}+${lit[0]}*${windowOf(100, 2)},${sky}))`;
  return chain(
    'color=black:s=2400x1600:r=1',
    rgb({
      red: pick('18+70*pow(Y/H,2)', 26, 12)([110, 233]),
      green: pick('22+44*pow(Y/H,1.6)', 32, 17)([92, 168]),
      blue: pick('54+70*pow(Y/H,1.1)', 66, 36)([50, 40]),
    }),
  );
}

/** A lit globe among stars. */
function planet(): string {
  const radius = 520;
  const inside = `lt(hypot(X-1660,Y-860),${radius})`;
  const normal = `sqrt(max(0,1-pow((X-1660)/${radius},2)-pow((Y-860)/${radius},2)))`;
  const day = `pow(max(0,(-0.62*(X-1660)-0.45*(Y-860))/${radius}+0.64*${normal}),0.9)`;
  const band = '(0.75+0.25*sin((Y+0.18*X)/34+1.6*sin(X/160+Y/90)))';
  const rim = `exp(-pow((hypot(X-1660,Y-860)-${radius})/60,2))*max(0,0.45-0.55*(X-1660)/900)`;
  const star = 'gt(mod(abs(sin(floor(X/5)*12.9898+floor(Y/5)*78.233)*43758.5453),1),0.9987)';
  const shine = (dark: number, light: number, haze: number) =>
    `if(${inside},${dark * 0.6}+${light}*${band}*${day},${dark}+170*${star}+${haze}*${rim})`;
  return chain(
    'color=black:s=2400x1600:r=1',
    rgb({ red: shine(11, 236, 40), green: shine(15, 150, 120), blue: shine(34, 110, 150) }),
  );
}

type Disc = { x: string; y: string; radius: number; edge: number; light: number };

function disc({ x, y, radius, edge, light }: Disc): string {
  return `${light}*clip((${radius}-hypot(X-(${x}),Y-(${y})))/${edge},0,1)`;
}

/** values[index − 1] as an FFmpeg expression. */
function choose(index: string, values: readonly number[]): string {
  return values.reduceRight<string>((rest, value, at) => `if(eq(${index},${at + 1}),${value},${rest})`, '0');
}

function rgb(channels: { red: string; green: string; blue: string }): string {
  const { red, green, blue } = channels;
  const lit = (expression: string) => quoted(`clip(${expression},0,255)`);
  return `format=gbrp,geq=r=${lit(red)}:g=${lit(green)}:b=${lit(blue)}`;
}

function quoted(expression: string): string {
  return `'${expression}'`;
}

function chain(...filters: readonly string[]): string {
  return filters.join(',');
}
