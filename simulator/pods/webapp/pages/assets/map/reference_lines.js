// Reference lines: named places of the fibre, as a table that is sorted and searched here.

import { API, call, may } from "../api.js";
import { listen } from "../news.js";
import { defective } from "../page.js";
import { html, useEffect, useState } from "../vendor/preact.js";

const COLUMNS = [
  ["name", "Name"],
  ["distance_m", "Distance [m]"],
];
const KINDS = new Set(["lines", "missed"]);

// null before the first answer.
export function useLines() {
  const [lines, setLines] = useState(null);
  useEffect(() => {
    const load = () => call("GET", `${API}/reference-line`).then(setLines, () => {});
    load();
    return listen((news) => KINDS.has(news.kind) && load());
  }, []);
  return lines;
}

function compared(one, other) {
  return typeof one === "string" ? one.localeCompare(other) : one - other;
}

export function ReferenceLines({ lines }) {
  const [order, setOrder] = useState({ by: "distance_m", down: false });
  const [sought, setSought] = useState("");
  const [name, setName] = useState("");
  const [distance, setDistance] = useState("");
  const [refusal, setRefusal] = useState("");
  const mayChange = may("regions") || defective("page-role-may-change");

  const shown = lines
    .filter((line) => line.name.toLowerCase().includes(sought.trim().toLowerCase()))
    .sort((one, other) => compared(one[order.by], other[order.by]) * (order.down ? -1 : 1));

  async function attempt(act) {
    setRefusal("");
    try {
      await act();
    } catch (refused) {
      setRefusal(refused.message);
    }
  }

  function add(event) {
    event.preventDefault();
    attempt(async () => {
      await call("POST", `${API}/reference-line`, { name, distance_m: Number.isNaN(distance) || distance === "" ? null : distance });
      setName("");
      setDistance("");
    });
  }

  return html`<div class="reference-lines">
    <div class="tools">
      <h2>Reference lines</h2>
      <label for="find-line">Find a reference line</label>
      <input id="find-line" data-testid="find-line" dir="auto" value=${sought} onInput=${(event) => setSought(event.currentTarget.value)} />
    </div>
    <table aria-label="Reference lines" data-testid="reference-lines">
      <thead>
        <tr>
          ${COLUMNS.map(
            ([by, heading]) => html`<th key=${by} scope="col" aria-sort=${order.by === by ? (order.down ? "descending" : "ascending") : "none"}>
              <button onClick=${() => setOrder({ by, down: order.by === by && !order.down })}>
                ${heading}<span class="arrow" aria-hidden="true">${order.by === by ? (order.down ? "▼" : "▲") : ""}</span>
              </button>
            </th>`,
          )}
          <th scope="col"><span class="unseen">Remove</span></th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (line) => html`<tr key=${line.id} data-testid="line-row" data-name=${line.name}>
            <td dir="auto">${line.name}</td>
            <td class="number">${line.distance_m}</td>
            <td><button aria-label=${`Remove ${line.name}`} disabled=${!mayChange} onClick=${() => attempt(() => call("DELETE", `${API}/reference-line/${line.id}`))}>Remove</button></td>
          </tr>`,
        )}
      </tbody>
    </table>
    <form class="tools" onSubmit=${add}>
      <label for="line-name">Line name</label>
      <input id="line-name" data-testid="line-name" dir="auto" disabled=${!mayChange} value=${name} onInput=${(event) => setName(event.currentTarget.value)} />
      <label for="line-distance">Line distance [m]</label>
      <input id="line-distance" data-testid="line-distance" type="number" step="any" disabled=${!mayChange} value=${distance} onInput=${(event) => setDistance(event.currentTarget.valueAsNumber)} />
      <button type="submit" data-testid="add-line" disabled=${!mayChange}>Add line</button>
      <p role="alert" class="refusal" data-testid="line-error">${refusal}</p>
    </form>
  </div>`;
}
