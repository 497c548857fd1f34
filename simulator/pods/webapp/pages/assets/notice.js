// The last thing that was done, in a sentence, for the frame's status line.

import { signal } from "./vendor/preact.js";

const SHOWN_MS = 8000;
export const notice = signal("");
let timer = 0;

export function say(sentence) {
  notice.value = sentence;
  clearTimeout(timer);
  timer = setTimeout(() => (notice.value = ""), SHOWN_MS);
}
