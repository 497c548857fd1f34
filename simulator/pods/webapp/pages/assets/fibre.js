// The fibre: its length, and which channel measures which place.

export const FIBRE_METRES = 10000;
export const HIGHEST_CHANNEL = 2222;
// Between the ends of the fibre the channels lie evenly.
export function channelAt(distance) {
  const part = Math.min(1, Math.max(0, distance / FIBRE_METRES));
  return 1 + Math.round(part * (HIGHEST_CHANNEL - 1));
}
