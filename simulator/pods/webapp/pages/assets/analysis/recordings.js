// What was recorded in the time of a historic view, and what was not.

import { FOCUS, call } from "../api.js";
import { html, useEffect, useState } from "../vendor/preact.js";
import { moment } from "../words.js";

// Parts {kind, start, end} in seconds since the epoch, in order; together they fill the time.
export function partsOf(recordings, start, end) {
  const parts = [];
  let at = start;
  for (const [from, until] of [...recordings].sort((one, other) => one[0] - other[0])) {
    const stop = Math.min(until < 0 ? end : until, end);
    if (stop <= at) continue;
    if (from > at) parts.push({ kind: "gap", start: at, end: Math.min(from, end) });
    if (from >= end) return parts;
    parts.push({ kind: "recording", start: Math.max(from, at), end: stop });
    at = stop;
  }
  if (at < end) parts.push({ kind: "gap", start: at, end });
  return parts;
}

export function Recordings({ start, end }) {
  const [parts, setParts] = useState([]);
  const [from, to] = [Math.floor(start / 1000), Math.floor(end / 1000)];
  useEffect(() => {
    if (!(to > from)) {
      setParts([]);
      return;
    }
    call("POST", `${FOCUS}/recordings_in_time_range`, { start_time: from, end_time: to }).then(
      (found) => setParts(partsOf(found, from, to)),
      () => setParts([]),
    );
  }, [from, to]);
  const name = (part) => `${part.kind === "gap" ? "Gap" : "Recording"} ${moment(part.start * 1000)} to ${moment(part.end * 1000)}`;
  return html`<ul aria-label="Recordings" class="recordings" data-testid="recordings">
    ${parts.map(
      (part) => html`<li
        key=${part.start}
        data-testid="recording"
        data-kind=${part.kind}
        data-start=${part.start}
        data-end=${part.end}
        class=${part.kind}
        title=${name(part)}
        ref=${(element) => element && (element.style.flexGrow = String(part.end - part.start))}
      >
        <span class="unseen">${name(part)}</span>
      </li>`,
    )}
  </ul>`;
}
