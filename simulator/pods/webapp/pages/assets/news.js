// News of the web app over one WebSocket, and whether the web app answers at all.

import { closeSocket, findUser, socketUrl, user } from "./api.js";
import { signal } from "./vendor/preact.js";

const AGAIN_MS = 1000;
// The web app says something at least every 5 s.
const SILENT_MS = 12000;
const UNAUTHORIZED = 4401;

// null before the first connection, then whether there is one.
export const connected = signal(null);

const listeners = new Set();
let socket = null;
let silent = 0;

// Call with each piece of news, {kind, alertId}; returns what ends that. After a gap it is {kind: "missed"}.
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(news) {
  for (const listener of [...listeners]) listener(news);
}

export function start() {
  if (socket || !user.value) return;
  const mine = new WebSocket(socketUrl("/news"));
  socket = mine;
  const watch = () => {
    clearTimeout(silent);
    silent = setTimeout(() => mine.close(), SILENT_MS);
  };
  watch();
  mine.onmessage = (message) => {
    watch();
    const news = JSON.parse(message.data);
    if (news.kind === "hello") {
      const again = connected.value === false;
      connected.value = true;
      if (again) tell({ kind: "missed" });
    } else if (news.kind !== "quiet") tell(news);
  };
  mine.onclose = (closed) => {
    if (socket !== mine) return;
    socket = null;
    clearTimeout(silent);
    if (!user.value) return;
    if (closed.code === UNAUTHORIZED) findUser().then(start);
    else {
      connected.value = false;
      setTimeout(start, AGAIN_MS);
    }
  };
}

export function stop() {
  const mine = socket;
  socket = null;
  clearTimeout(silent);
  connected.value = null;
  if (mine) closeSocket(mine);
}
