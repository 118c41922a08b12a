/** Deeper nesting than any host writes; a bound for everything that recurses over values later. */
export const MAX_DEPTH = 500;
