// One clock for all pictures: at most 20 times a second, in step with the screen.

const EVERY_MS = 50;
// A frame of the screen may come a little early.
const EARLY_MS = 4;
const members = new Set();
let next = 0;
let asked = 0;

function frame(now) {
  asked = requestAnimationFrame(frame);
  if (now < next - EARLY_MS) return;
  next = Math.max(next + EVERY_MS, now);
  for (const member of [...members]) member(now);
}

// `member(now)` at every tick; returns what ends that.
export function eachTick(member) {
  members.add(member);
  if (!asked) asked = requestAnimationFrame(frame);
  return () => {
    members.delete(member);
    if (!members.size) {
      cancelAnimationFrame(asked);
      asked = 0;
    }
  };
}
