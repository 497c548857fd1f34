import { html } from "../vendor/preact.js";
export function FibreMap() {
  return html`<main data-view="map" data-ready="true"><h1>Map</h1></main>`;
}
