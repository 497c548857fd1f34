// The spectrum of one channel in the newest row, as a line and as a table for those who cannot see it.

import { html, useEffect, useRef } from "../vendor/preact.js";

const WIDTH = 480;
const HEIGHT = 110;
const LARGEST = 1000;
// The table is for reading, not for watching.
const TABLE_MS = 1000;
const MOST_ROWS = 1024;

export function Spectrum({ view }) {
  const shown = view.spectrum.value;
  const table = useRef(null);
  const written = useRef(0);

  useEffect(() => {
    const now = performance.now();
    if (!shown || now - written.current < TABLE_MS) return;
    written.current = now;
    const rows = [...shown.values].slice(0, MOST_ROWS).map((value, bin) => {
      const row = document.createElement("tr");
      for (const text of [view.frequencies[bin]?.toFixed(2), value.toFixed(3)]) row.appendChild(document.createElement("td")).textContent = text;
      return row;
    });
    table.current.replaceChildren(...rows);
  }, [shown]);

  if (!shown) return null;
  const { values, channel, row } = shown;
  const x = (bin) => (values.length > 1 ? (bin / (values.length - 1)) * WIDTH : WIDTH / 2);
  const y = (value) => HEIGHT * (1 - Math.min(1, Math.log10(1 + Math.max(0, value)) / Math.log10(1 + LARGEST)));
  const line = Array.from(values, (value, bin) => `${x(bin).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return html`<div class="spectrum">
    <svg role="img" aria-label=${`Spectrum of channel ${channel}`} data-testid="spectrum" data-channel=${channel} data-row=${row} viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
      <polyline points=${line} fill="none" vector-effect="non-scaling-stroke" />
    </svg>
    <p class="axis"><span>${view.frequencies[0]?.toFixed(0)} Hz</span><span>${view.frequencies.at(-1)?.toFixed(0)} Hz</span></p>
    <table class="unseen" aria-label="Spectrum values" data-testid="spectrum-values">
      <thead><tr><th scope="col">Hz</th><th scope="col">Value</th></tr></thead>
      <tbody ref=${table}></tbody>
    </table>
  </div>`;
}
