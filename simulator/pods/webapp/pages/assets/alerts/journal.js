// The journal: alerts as a table, sorted and paged by the web app; filter, groups, export, details.

import { API } from "../api.js";
import { defective } from "../page.js";
import { go, place } from "../route.js";
import { Fragment, html, useState } from "../vendor/preact.js";
import { metres, plural, typeOf } from "../words.js";
import { Details } from "./details.js";
import { FilterDialog } from "./filter.js";
import { Severity, Time } from "./marks.js";
import { EVERYTHING, anyOpen, filterQuery, useLoaded } from "./store.js";

// Field to order by, its heading.
const COLUMNS = [
  ["alertId", "ID"],
  ["classId", "Type"],
  ["severity", "Severity"],
  ["distance", "Distance [m]"],
  ["startTime", "Start"],
  ["endTime", "End"],
  ["status", "Status"],
  ["review", "Review"],
];
const NO_ALERTS = { alerts: [], alertsCount: 0, maxPage: 1 };

export function Journal() {
  const [filter, setFilter] = useState(EVERYTHING);
  const [choosing, setChoosing] = useState(false);
  const [order, setOrder] = useState({ by: "startTime", down: true });
  const [page, setPage] = useState(1);
  const [grouping, setGrouping] = useState(false);

  const query = filterQuery(filter);
  const exported = query.toString();
  query.set("page", String(page));
  const grouped = query.toString();
  query.set("orderBy", defective("page-sort-wrong") && order.by === "distance" ? "startTime" : order.by);
  query.set("orderByDirection", order.down ? "desc" : "asc");
  query.set("withReview", "true");
  const answer = useLoaded(grouping ? `/alert/groups?${grouped}` : `/alert?${query}`, (found) => anyOpen(found.groups ?? found.alerts));
  const { alerts, groups, alertsCount, groupsCount, maxPage } = answer ?? NO_ALERTS;
  const selected = place.value.query.get("alert");

  const said = groupsCount ? plural(groupsCount, "group", "groups") : alertsCount ? plural(alertsCount, "alert", "alerts") : answer && "No alerts.";

  function turn() {
    setGrouping(!grouping);
    setPage(1);
  }

  function sort(by) {
    setOrder({ by, down: order.by === by ? !order.down : false });
    setPage(1);
  }

  return html`<main class="journal" data-view="journal" data-ready=${String(answer !== null)}>
    <section aria-label="Journal" class="list">
      <div class="tools">
        <h1>Journal</h1>
        <button data-testid="open-filter" onClick=${() => setChoosing(true)}>Filter</button>
        <p role="status" data-testid="filter-state" class="chip">${filter !== EVERYTHING && "Filter is on"}</p>
        <button data-testid="group" aria-pressed=${String(grouping)} onClick=${turn}>Group</button>
        <a data-testid="export-csv" class="button" download href=${`${API}/alert/export-alerts?isCSV=true&${exported}`}>Export CSV</a>
        <a data-testid="export-json" class="button" download href=${`${API}/alert/export-alerts?isJSON=true&${exported}`}>Export JSON</a>
        <p role="status" data-testid="alerts-count">${said}</p>
      </div>
      <div class="scrolled" tabindex="0" role="region" aria-label="Table of alerts">
        <table aria-label="Alerts" data-testid="alerts-table">
          <thead>
            <tr>
              ${COLUMNS.map(
                ([by, heading]) => html`<th key=${by} scope="col" aria-sort=${order.by === by ? (order.down ? "descending" : "ascending") : "none"}>
                  <button data-testid=${`sort-${by}`} onClick=${() => sort(by)}>
                    ${heading}<span class="arrow" aria-hidden="true">${order.by === by ? (order.down ? "▼" : "▲") : ""}</span>
                  </button>
                </th>`,
              )}
              <th scope="col">Notes</th>
            </tr>
          </thead>
          ${groups ? html`<${Groups} groups=${groups} selected=${selected} />` : html`<${Rows} alerts=${alerts ?? []} selected=${selected} />`}
        </table>
      </div>
      <div class="pages">
        <button data-testid="previous-page" disabled=${page <= 1} onClick=${() => setPage(page - 1)}>Previous page</button>
        <span data-testid="page-number">Page ${Math.min(page, maxPage)} of ${maxPage}</span>
        <button data-testid="next-page" disabled=${page >= maxPage} onClick=${() => setPage(page + 1)}>Next page</button>
      </div>
    </section>
    ${selected && html`<${Details} key=${selected} id=${selected} onClose=${() => go("/investigations")} />`}
    ${choosing &&
    html`<${FilterDialog}
      filter=${filter}
      onClose=${() => setChoosing(false)}
      onApply=${(chosen) => {
        setFilter(chosen);
        setPage(1);
        setChoosing(false);
      }}
    />`}
  </main>`;
}

function Rows({ alerts, selected }) {
  // One alert id may stand in several rows.
  return html`<tbody>${alerts.map((alert, number) => html`<${Row} key=${`${number} ${alert.ext_id}`} alert=${alert} selected=${selected} />`)}</tbody>`;
}

// With the defect page-row-stale: the status that an alert had when it was first shown.
const firstStatus = new Map();

function Row({ alert, selected }) {
  if (!firstStatus.has(alert.ext_id)) firstStatus.set(alert.ext_id, alert.status);
  const status = defective("page-row-stale") ? firstStatus.get(alert.ext_id) : alert.status;
  return html`<tr
    data-testid="alert-row"
    data-alert-id=${alert.ext_id}
    data-severity=${alert.severity}
    data-status=${status}
    aria-selected=${selected === alert.ext_id ? "true" : null}
    onClick=${() => go(`/investigations?alert=${encodeURIComponent(alert.ext_id)}`)}
  >
    <td data-testid="cell-id"><button class="plain" dir="auto">${alert.ext_id}</button></td>
    <td data-testid="cell-type">${typeOf(alert.class_id)}</td>
    <td data-testid="cell-severity"><${Severity} severity=${alert.severity} /></td>
    <td data-testid="cell-distance" class="number">${alert.distance_m}</td>
    <td data-testid="cell-start"><${Time} time=${alert.start_time} /></td>
    <td data-testid="cell-end"><${Time} time=${alert.end_time} /></td>
    <td data-testid="cell-status" class=${status}>${status}</td>
    <td data-testid="cell-review">${alert.review}</td>
    <td data-testid="cell-notes" class="number">${alert.notes}</td>
  </tr>`;
}

function Groups({ groups, selected }) {
  const [open, setOpen] = useState([]);
  const turn = (name) => setOpen(open.includes(name) ? open.filter((one) => one !== name) : [...open, name]);
  return html`<tbody>
    ${groups.map((group) => {
      const name = group.alertIds[0];
      const expanded = open.includes(name);
      const count = group.alertIds.length;
      return html`<${Fragment} key=${name}>
        <tr data-testid="group-row" data-group=${name} data-count=${count} data-severity=${group.severity} data-status=${group.status}>
          <td>
            <button class="plain" aria-expanded=${String(expanded)} onClick=${() => turn(name)}>
              ${expanded ? "▾" : "▸"} Group of ${count}, ${typeOf(group.class_id)} at ${metres(group.distance_m)}
            </button>
          </td>
          <td>${typeOf(group.class_id)}</td>
          <td><${Severity} severity=${group.severity} /></td>
          <td class="number">${group.distance_m}</td>
          <td><${Time} time=${group.start_time} /></td>
          <td><${Time} time=${group.end_time} /></td>
          <td class=${group.status}>${group.status}</td>
          <td></td>
          <td></td>
        </tr>
        ${expanded && group.alerts.map((alert, number) => html`<${Row} key=${`${number} ${alert.ext_id}`} alert=${alert} selected=${selected} />`)}
      <//>`;
    })}
  </tbody>`;
}
