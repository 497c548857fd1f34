// The page: sign-in, or the frame with the view of the address.

import { Analysis } from "./analysis/analysis.js";
import { findUser, user } from "./api.js";
import { start, stop } from "./news.js";
import { Journal } from "./alerts/journal.js";
import { FibreMap } from "./map/map.js";
import { Frame } from "./frame.js";
import { Login } from "./login.js";
import { cookie, remembered } from "./page.js";
import { place } from "./route.js";
import { effect, html, render } from "./vendor/preact.js";

const VIEWS = { "/investigations": Journal, "/analysis": Analysis };

function Page() {
  if (user.value === undefined) return html`<main data-view="starting" aria-busy="true"></main>`;
  if (user.value === null) return html`<${Login} />`;
  const View = VIEWS[place.value.path] ?? FibreMap;
  return html`<${Frame}><${View} /><//>`;
}

document.documentElement.dir = remembered("direction", "ltr");
render(html`<${Page} />`, document.getElementById("page"));
effect(() => (user.value ? start() : stop()));
// A page that comes back from the browser's history shows nothing to somebody who has signed out.
addEventListener("pageshow", () => {
  if (user.value && !cookie("csrf-token")) user.value = null;
});
findUser();
