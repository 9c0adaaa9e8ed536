// How the cold time of a film falls with the cores: a part that does not, a part that is shared out, and the longest scene.

/** Measured by the case "cores"; all of one film. */
export type CoreConstants = {
  /** Planning, join, checks, storing: one after the other. */
  readonly serialSeconds: number;
  /** Core seconds of the scenes, which any number of cores may share. */
  readonly parallelSeconds: number;
  /** A scene alone on a free machine: no number of cores makes the rendering shorter than this. */
  readonly longestSceneSeconds: number;
};

/**
 * From the film's times on one and on two cores (T = serial + parallel / N solved for its two unknowns) and a scene's time.
 * Noise may make one of them fall below nothing, which is then nothing.
 */
export function coreConstants(measured: {
  readonly oneCoreSeconds: number;
  readonly twoCoreSeconds: number;
  readonly longestSceneSeconds: number;
}): CoreConstants {
  const { oneCoreSeconds, twoCoreSeconds, longestSceneSeconds } = measured;
  const parallelSeconds = Math.min(Math.max(2 * (oneCoreSeconds - twoCoreSeconds), 0), oneCoreSeconds);
  return { serialSeconds: oneCoreSeconds - parallelSeconds, parallelSeconds, longestSceneSeconds };
}

/** `yieldOfCore`: what each core after the first adds, in cores; memory and heat let it fall below 1. */
export function predictSeconds(constants: CoreConstants, cores: number, yieldOfCore = 1): number {
  const effective = 1 + (cores - 1) * yieldOfCore;
  const rendering = Math.max(constants.parallelSeconds / effective, constants.longestSceneSeconds);
  return constants.serialSeconds + (cores === 1 ? constants.parallelSeconds : rendering);
}

/** The same film `factor` times as long: everything but the longest scene grows. */
export function longerFilm(constants: CoreConstants, factor: number): CoreConstants {
  return {
    serialSeconds: constants.serialSeconds * factor,
    parallelSeconds: constants.parallelSeconds * factor,
    longestSceneSeconds: constants.longestSceneSeconds,
  };
}

export type Prediction = {
  readonly cores: number;
  readonly seconds: number;
  readonly cautiousSeconds: number;
};

/** On machines of these sizes; cautious: each core after the first adds 0.8 of one. */
export function predictAll(constants: CoreConstants): readonly Prediction[] {
  return [1, 2, 8, 32, 128].map((cores) => ({
    cores,
    seconds: predictSeconds(constants, cores),
    cautiousSeconds: predictSeconds(constants, cores, 0.8),
  }));
}
