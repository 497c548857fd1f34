// What surrounds every view: navigation, bell, user, direction, state of the connection.

import { Bell } from "./alerts/bell.js";
import { closeAll } from "./analysis/tabs.js";
import { signOut, user } from "./api.js";
import { connected } from "./news.js";
import { notice } from "./notice.js";
import { remember } from "./page.js";
import { follow, go, place } from "./route.js";
import { html, useState } from "./vendor/preact.js";

const LINKS = [
  ["/liveView", "liveView-nav-element", "Map"],
  ["/investigations", "investigations-nav-element", "Journal"],
  ["/analysis", "analysis-nav-element", "Analysis"],
];

export function Frame({ children }) {
  const here = LINKS.some(([path]) => path === place.value.path) ? place.value.path : "/liveView";
  return html`
    <header class="frame">
      <img src="/assets/icon.svg" alt="" width="24" height="24" />
      <nav aria-label="Main">
        ${LINKS.map(
          ([path, id, name]) => html`<a
            key=${path}
            href=${path}
            data-testid=${id}
            aria-current=${path === here ? "page" : null}
            onClick=${follow}
            >${name}</a
          >`,
        )}
      </nav>
      <${Connection} />
      <p role="status" class="notice" data-testid="notice">${notice.value}</p>
      <${Bell} />
      <${Direction} />
      <p class="user"><span data-testid="user-name">${user.value.username}</span> <span data-testid="user-role" class="role">${user.value.role}</span></p>
      <button data-testid="sign-out" onClick=${leave}>Sign out</button>
    </header>
    ${children}
  `;
}

async function leave() {
  await closeAll();
  await signOut();
  go("/");
}

function Connection() {
  const lost = connected.value === false;
  return html`<p role="alert" class=${lost ? "lost" : "lost hidden"} data-testid="connection">
    ${lost && "Connection lost. Trying again."}
  </p>`;
}

function Direction() {
  const [rtl, setRtl] = useState(document.documentElement.dir === "rtl");
  function turn() {
    const direction = rtl ? "ltr" : "rtl";
    document.documentElement.dir = direction;
    remember("direction", direction);
    setRtl(!rtl);
  }
  return html`<button data-testid="direction" aria-pressed=${String(rtl)} onClick=${turn}>Right to left</button>`;
}
