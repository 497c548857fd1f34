import { html } from "../vendor/preact.js";
export function Analysis() {
  return html`<main data-view="analysis" data-ready="true"><h1>Analysis</h1></main>`;
}
