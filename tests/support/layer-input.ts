import type { z } from 'zod';
import type { Layer } from '../../contract/layers.ts';

/** A layer as a caller writes it, defaults left out. */
export type LayerInput = z.input<typeof Layer>;
