/** A rectangle by its edges, in whatever pixels its owner counts in. */
export type Bounds = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
};

export function unite(first: Bounds, second: Bounds): Bounds {
  return {
    left: Math.min(first.left, second.left),
    top: Math.min(first.top, second.top),
    right: Math.max(first.right, second.right),
    bottom: Math.max(first.bottom, second.bottom),
  };
}

/** What both hold; `isEmpty` says whether that is anything. */
export function intersect(first: Bounds, second: Bounds): Bounds {
  return {
    left: Math.max(first.left, second.left),
    top: Math.max(first.top, second.top),
    right: Math.min(first.right, second.right),
    bottom: Math.min(first.bottom, second.bottom),
  };
}

export function grow(bounds: Bounds, by: number): Bounds {
  return {
    left: bounds.left - by,
    top: bounds.top - by,
    right: bounds.right + by,
    bottom: bounds.bottom + by,
  };
}

export function shift(bounds: Bounds, by: { readonly x: number; readonly y: number }): Bounds {
  return {
    left: bounds.left + by.x,
    top: bounds.top + by.y,
    right: bounds.right + by.x,
    bottom: bounds.bottom + by.y,
  };
}

/** The smallest whole pixels that hold all of it. */
export function wholePixels(bounds: Bounds): Bounds {
  return {
    left: Math.floor(bounds.left),
    top: Math.floor(bounds.top),
    right: Math.ceil(bounds.right),
    bottom: Math.ceil(bounds.bottom),
  };
}

export function isEmpty(bounds: Bounds): boolean {
  return bounds.right <= bounds.left || bounds.bottom <= bounds.top;
}
