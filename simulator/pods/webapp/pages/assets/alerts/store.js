// The alerts that a view shows, loaded again when there is news and while one of them is open.

import { API, call } from "../api.js";
import { listen } from "../news.js";
import { defective } from "../page.js";
import { useEffect, useRef, useState } from "../vendor/preact.js";

// An open alert closes without news.
const OPEN_MS = 1000;
const KINDS = new Set(["alert", "review", "note", "missed"]);

// What a filter leaves out is not named in the query; null where nothing is left out.
export const EVERYTHING = { classes: [103, 104], severities: [1, 2, 3], states: ["open", "closed"], region: "", from: NaN, to: NaN };

export function filterQuery(filter) {
  const query = new URLSearchParams();
  if (filter.classes.length < 2) query.set("classIds", filter.classes.join(","));
  if (filter.severities.length < 3) query.set("severities", filter.severities.join(","));
  if (filter.states.length < 2) query.set("isLive", String(filter.states[0] === "open"));
  if (filter.region) query.set("regionIds", filter.region);
  if (!defective("page-filter-dates-ignored")) {
    if (!Number.isNaN(filter.from)) query.set("startTime", new Date(filter.from).toISOString());
    if (!Number.isNaN(filter.to)) query.set("endTime", new Date(filter.to).toISOString());
  }
  return query;
}

// The answer of `path` below the API, null before the first; `isOpen(answer)`: whether time alone changes it.
export function useLoaded(path, isOpen) {
  const [answer, setAnswer] = useState(null);
  const asked = useRef(0);

  useEffect(() => {
    let timer = 0;
    let left = false;
    async function load() {
      const mine = ++asked.current;
      clearTimeout(timer);
      try {
        const found = await call("GET", `${API}${path}`);
        if (left || mine !== asked.current) return;
        setAnswer(found);
        if (isOpen(found)) timer = setTimeout(load, OPEN_MS);
      } catch {
        if (!left && mine === asked.current) timer = setTimeout(load, OPEN_MS);
      }
    }
    load();
    const end = listen((news) => KINDS.has(news.kind) && load());
    return () => {
      left = true;
      clearTimeout(timer);
      end();
    };
  }, [path]);
  return answer;
}

export const anyOpen = (rows) => rows.some((row) => row.status === "open");

