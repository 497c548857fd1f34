// Whether the fibre is measured, asked again and again.

import { API, call } from "../api.js";
import { useEffect, useState } from "../vendor/preact.js";

const EVERY_MS = 2000;

// measured, waiting, lost, unknown
export function useFibreState() {
  const [state, setState] = useState("unknown");
  useEffect(() => {
    let left = false;
    let timer = 0;
    async function ask() {
      try {
        const found = await call("GET", `${API}/point/fibre-state`);
        if (!left && found.state !== "unknown") setState(found.state);
      } catch {
        // The frame says that the connection is lost.
      }
      if (!left) timer = setTimeout(ask, EVERY_MS);
    }
    ask();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, []);
  return state;
}
