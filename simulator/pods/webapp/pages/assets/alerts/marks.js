// How alerts are marked: severity by colour and icon, times.

import { html } from "../vendor/preact.js";
import { moment, severityOf } from "../words.js";

const ICONS = { 1: "M8 3a5 5 0 1 0 .01 0z", 2: "M8 2 15 14H1z", 3: "M8 1l7 7-7 7-7-7z" };

export function Severity({ severity }) {
  return html`<span class=${`severity s${severity}`} data-testid="severity-mark">
    <svg class="icon" data-testid="severity-icon" viewBox="0 0 16 16" width="10" height="10" aria-hidden="true"><path d=${ICONS[severity] ?? ICONS[1]} /></svg>
    ${severityOf(severity)}
  </span>`;
}

export const Time = ({ time }) => html`<time dir="ltr" datetime=${new Date(time).toISOString()}>${moment(time)}</time>`;
