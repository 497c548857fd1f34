// The colours of levels 0 to 255, as pixels of an ImageData read in words (little-endian: alpha, blue, green, red).

const STOPS = [
  [0, 8, 8, 48],
  [64, 32, 64, 160],
  [128, 32, 176, 160],
  [192, 248, 208, 64],
  [255, 255, 248, 232],
];

export const HOLE = 0;

export function colourOf(level) {
  const above = Math.max(1, STOPS.findIndex(([stop]) => stop >= level));
  const [from, ...dark] = STOPS[above - 1];
  const [to, ...light] = STOPS[above];
  return dark.map((one, index) => Math.floor(one + ((light[index] - one) * (level - from)) / (to - from) + 0.5));
}

export const PIXELS = Uint32Array.from({ length: 256 }, (_, level) => {
  const [red, green, blue] = colourOf(level);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
});
