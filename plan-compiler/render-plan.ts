// The render plan: everything after the compiler knows only this. No defaults left, no names of the caller's in the
// instructions, every asset and font by its content hash, every time a whole number of frames or samples.

/** Whole frames at the film's rate: the only unit of time below the contract. Ranges are end-exclusive. */
export type Frames = number & { readonly unit: 'frames' };
/** Whole samples at the film's sample rate. */
export type Samples = number & { readonly unit: 'samples' };
export type FrameRate = { readonly num: number; readonly den: number };
/** SHA-256 in lower-case hex. */
export type Hash = string;
/** Straight (not premultiplied) colour, 0–255 each. */
export type Rgba = { readonly r: number; readonly g: number; readonly b: number; readonly a: number };

export type RenderPlan = {
  readonly planVersion: 1;
  readonly output: OutputSpec;
  readonly totalFrames: Frames;
  /** Film order. A long scene stands here as several parts. */
  readonly scenes: readonly ScenePlan[];
  readonly programme: ProgrammePlan;
  /** Where the bytes of each asset that the plan uses are, by content hash. */
  readonly assets: Readonly<Record<Hash, PlanAsset>>;
};

/** The same for all scenes, so that joining can copy. */
export type OutputSpec = {
  readonly width: number;
  readonly height: number;
  readonly fps: FrameRate;
  readonly sampleRate: number;
  readonly video: {
    readonly codec: 'h264';
    readonly preset: 'veryfast';
    /** x264 constant rate factor, 0–51. */
    readonly crf: number;
    /** Encoder threads; pinned, since the bytes depend on it. */
    readonly threads: number;
    /** The longest distance between key frames. */
    readonly gopFrames: Frames;
    /** Pictures that stand still are encoded for a moment and then repeated; off, every frame is encoded. */
    readonly repeatsStills: boolean;
  };
  readonly audio: { readonly codec: 'aac'; readonly bitsPerSecond: number; readonly channels: 2 };
  /** Identifies encoder builds, fonts' shaper and our own rendering version; part of every key. */
  readonly renderer: string;
};

export type PlanAsset = {
  readonly objectKey: string;
  readonly bytes: number;
  /** Demuxer to force. */
  readonly demuxer: string;
  readonly kind: 'video' | 'image' | 'audio';
  readonly video: SourceVideo | null;
};

/** What FFmpeg must know of a source's pictures to bring them to the film's format. */
export type SourceVideo = {
  readonly codec: string;
  /** Pixels as shown: after rotation, square. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  readonly isInterlaced: boolean;
  readonly colorSpace: string;
  readonly colorTransfer: string;
  readonly colorPrimaries: string;
  readonly colorRange: string;
};

/** A run of frames that one activity renders. */
export type ScenePlan = {
  /** Position in `RenderPlan.scenes`. */
  readonly index: number;
  readonly sceneId: string;
  /** Position of the scene in the document. */
  readonly sceneIndex: number;
  readonly part: { readonly index: number; readonly count: number };
  /** First frame in the film. */
  readonly startFrame: Frames;
  readonly frames: Frames;
  readonly picture: PicturePlan;
  readonly pictureKey: Hash;
  /** The whole scene's sound, on its first part; null where the scene is silent, and on later parts. */
  readonly sound: SoundPlan | null;
  readonly soundKey: Hash | null;
  /** Estimated CPU milliseconds; weighs progress and orders the work. */
  readonly cost: number;
};

export type PicturePlan = {
  readonly frames: Frames;
  /** Opaque. */
  readonly background: Rgba;
  /** Bottom up. */
  readonly layers: readonly PictureLayer[];
};

export type PictureLayer = VideoPicture | ImagePicture | DrawnPicture;

type LayerTiming = {
  /** When the layer begins, counted from this part's first frame; negative where it began in an earlier part. */
  readonly firstFrame: number;
  /** The layer's whole length. It is visible in [firstFrame, firstFrame + frames) cut to the part. */
  readonly frames: Frames;
  /** Opacity rises from 0 over the first frames: frame i of n has i/n. */
  readonly fadeInFrames: Frames;
  /** Opacity falls over the last frames: frame i of n has 1 − i/n. */
  readonly fadeOutFrames: Frames;
  /** 0–1. */
  readonly opacity: number;
};

/** A source's picture brought to its place: crop, scale, cut, flip, rotate, put at (x, y). */
export type Framing = {
  /** In source pixels as shown; whole numbers. */
  readonly crop: PixelRect;
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  /** What is kept of the scaled picture. */
  readonly cut: PixelRect;
  readonly flipH: boolean;
  readonly flipV: boolean;
  /** Null where not rotated. width × height is the box that holds the rotated picture. */
  readonly rotated: { readonly degrees: number; readonly width: number; readonly height: number } | null;
  /** Top left of the finished picture on the canvas; may be negative. */
  readonly x: number;
  readonly y: number;
};

export type PixelRect = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export type VideoPicture = LayerTiming & {
  readonly kind: 'video';
  readonly asset: Hash;
  /** What plays in the visible part, in order; loops are written out. Source positions are in frames of the film's rate. */
  readonly segments: readonly { readonly sourceFrame: Frames; readonly frames: Frames }[];
  /** Frames for which the last picture is held after the segments, within the visible part. */
  readonly holdFrames: Frames;
  readonly framing: Framing;
};

export type ImagePicture = LayerTiming & {
  readonly kind: 'image';
  readonly asset: Hash;
  readonly framing: Framing;
  /** Rectangles are fractions of the framed picture (`framing.cut`), reached at the layer's first and last frame. */
  readonly motion: Motion | null;
};

export type Easing = 'linear' | 'easeIn' | 'easeOut' | 'easeInOut';
type ViewRect = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};
export type Motion = { readonly from: ViewRect; readonly to: ViewRect; readonly easing: Easing };

/** A layer that the drawing room makes a still of: text or shape, rotation and flips included. */
export type DrawnPicture = LayerTiming & {
  readonly kind: 'drawn';
  readonly drawing: Drawing;
};

export type Drawing = TextDrawing | ShapeDrawing;

/** Where a drawing goes. Its size may only be known once it is drawn, so the anchor stays. */
export type DrawingPlace = {
  /** Canvas pixels of the anchor point. */
  readonly x: number;
  readonly y: number;
  /** Fractions of the drawing's box. */
  readonly anchorX: number;
  readonly anchorY: number;
  /** Degrees clockwise about the box's centre. */
  readonly rotation: number;
  readonly flipH: boolean;
  readonly flipV: boolean;
};

export type Shadow = { readonly x: number; readonly y: number; readonly blur: number; readonly color: Rgba };
export type Stroke = { readonly width: number; readonly color: Rgba };

export type TextDrawing = {
  readonly type: 'text';
  readonly place: DrawingPlace;
  /** Box in pixels; null: as large as the text, at most `canvas`. */
  readonly width: number | null;
  readonly height: number | null;
  readonly canvas: { readonly width: number; readonly height: number };
  /** After `transform`. */
  readonly text: string;
  /** Files in the order they are tried for each letter. */
  readonly fonts: readonly FontReference[];
  readonly fontSize: number;
  readonly color: Rgba;
  readonly align: 'left' | 'center' | 'right';
  readonly verticalAlign: 'top' | 'middle' | 'bottom';
  readonly direction: 'ltr' | 'rtl';
  readonly lineHeight: number;
  readonly letterSpacing: number;
  readonly wrap: 'word' | 'char' | 'none';
  readonly maxLines: number | null;
  readonly overflow: 'visible' | 'clip' | 'ellipsis' | 'shrink';
  readonly padding: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  readonly background: {
    readonly color: Rgba;
    readonly radius: number;
    readonly wrap: 'box' | 'line';
  } | null;
  readonly stroke: Stroke | null;
  readonly shadow: Shadow | null;
};

export type ShapeDrawing = {
  readonly type: 'shape';
  readonly place: DrawingPlace;
  readonly width: number;
  readonly height: number;
  readonly shape: 'rectangle' | 'circle';
  readonly fill: Paint | null;
  readonly border: Stroke | null;
  readonly radius: number;
  readonly shadow: Shadow | null;
};

export type Paint =
  | { readonly type: 'solid'; readonly color: Rgba }
  | {
      readonly type: 'linear' | 'radial';
      readonly angle: number;
      readonly stops: readonly { readonly at: number; readonly color: Rgba }[];
    };

/** A font file that ships with the engine. */
export type FontReference = {
  readonly family: string;
  readonly weight: number;
  readonly style: 'normal' | 'italic';
  readonly sha256: Hash;
};

/** The sound of one scene: position-independent, so it holds the most samples the scene can ever need. */
export type SoundPlan = {
  /** ceil(frames × sampleRate ÷ fps) of the whole scene; the programme takes as many of them as its place in the film asks. */
  readonly samples: Samples;
  readonly layers: readonly SoundLayer[];
};

export type SoundLayer = {
  readonly asset: Hash;
  readonly startSample: Samples;
  readonly samples: Samples;
  /** What plays, in order; loops are written out. Silence follows where the segments end early. */
  readonly segments: readonly { readonly sourceSample: Samples; readonly samples: Samples }[];
  /** Linear. */
  readonly gain: number;
  readonly fadeInSamples: Samples;
  readonly fadeOutSamples: Samples;
  readonly fadeCurve: 'tri' | 'qsin' | 'exp' | 'log';
};

/** The sound of the whole film: the scenes' sound in a row, mixed with the tracks that lie over them, encoded once. */
export type ProgrammePlan = {
  readonly totalSamples: Samples;
  /** One for each scene of the document, in film order; `index` is that of the scene's first part in `RenderPlan.scenes`. */
  readonly scenes: readonly {
    readonly index: number;
    readonly soundKey: Hash | null;
    readonly samples: Samples;
  }[];
  readonly tracks: readonly SoundLayer[];
  readonly key: Hash;
};

/** A drawing made: straight RGBA, 4 bytes a pixel, row by row, in a file. */
export type PlacedStill = {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Top left on the canvas; may be negative. */
  readonly x: number;
  readonly y: number;
};
