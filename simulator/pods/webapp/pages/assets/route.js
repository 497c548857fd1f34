// Where the operator is: path and query of the address.

import { signal } from "./vendor/preact.js";

export const place = signal(read());

function read() {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export function go(address) {
  history.pushState(null, "", address);
  place.value = read();
}

addEventListener("popstate", () => (place.value = read()));

// For a link: the page stays, unless the operator wants another tab.
export function follow(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(event.currentTarget.getAttribute("href"));
}
