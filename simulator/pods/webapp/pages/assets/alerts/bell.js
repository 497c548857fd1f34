// The bell: how many alerts are new since it was looked at, and their sound.

import { listen } from "../news.js";
import { defective, remember, remembered } from "../page.js";
import { go } from "../route.js";
import { html, signal, useEffect, useRef, useState } from "../vendor/preact.js";
import { plural } from "../words.js";

const fresh = signal(0);

export function Bell() {
  const sound = useRef(null);
  const [loud, setLoud] = useState(remembered("sound", true));
  const [played, setPlayed] = useState(0);

  useEffect(
    () =>
      listen((news) => {
        if (news.kind !== "alert" || !news.alertId) return;
        fresh.value += 1;
        if (!remembered("sound", true)) return;
        setPlayed((times) => times + 1);
        // A browser may refuse a sound before the first click.
        sound.current?.play().catch(() => {});
      }),
    [],
  );

  function look() {
    fresh.value = 0;
    go("/investigations");
  }

  function turn() {
    remember("sound", !loud);
    setLoud(!loud);
  }

  const count = fresh.value;
  return html`
    <button
      class="bell"
      data-testid="bell"
      aria-label=${count ? `Bell: ${plural(count, "new alert", "new alerts")}` : "Bell: no new alerts"}
      onClick=${look}
    >
      <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true"><path d="M8 1a4 4 0 0 0-4 4v3l-2 3h12l-2-3V5a4 4 0 0 0-4-4zM6 13a2 2 0 0 0 4 0z" /></svg>
      ${count > 0 && !defective("page-bell-without-dot") && html`<span class="dot" data-testid="bell-dot"></span>`}
    </button>
    <button data-testid="sound" aria-pressed=${String(loud)} onClick=${turn}>Sound</button>
    <audio ref=${sound} src="/assets/sounds/alert_sound.mp3" preload="none" data-testid="alert-sound" data-played=${played}></audio>
  `;
}
