// One view: its job, its stream, its picture. It lives on while another page of the site is shown.

import { FOCUS, call, findUser, user } from "../api.js";
import { cookie, defective } from "../page.js";
import { batch, signal } from "../vendor/preact.js";
import { changeOf, isChange, requestOf, SINGLECHANNEL } from "./settings.js";
import { CLOSED, StreamSocket } from "./stream_socket.js";
import { eachTick } from "./ticks.js";
import { Waterfall } from "./waterfall.js";

const AGAIN_MS = 1000;
// Rows that come together are shown over so many ticks.
const SPREAD_TICKS = 4;
const SHIFTED_MS = 5000;
const SECOND_MS = 1000;
// Axes and cursor are read, not watched.
const LABELS_MS = 200;

export class View {
  constructor(settings) {
    this.settings = signal(settings);
    // stopped, starting, running, paused, lost, ended, loaded
    this.state = signal("stopped");
    this.trouble = signal("");
    this.jobId = signal("");
    this.lines = signal(false);
    this.cyclic = signal(false);
    this.cursor = signal(null);
    this.spectrum = signal(null);
    this.spectrumChannel = signal(null);
    // Counts up while the picture changes: whoever says something of it reads this.
    this.drawn = signal(0);
    this.fps = signal(0);
    this.waterfall = null;
    this.linesDt = 0;
    this.originMs = 0;
    this.frequencies = [];
    this.canvas = null;
    // Others that show the same time: a function of the tick that returns the newest time that they show, in ms.
    this.limit = null;
    this.queue = [];
    this.newestReceived = -1;
    this.allReceived = false;
    this.draws = 0;
    this.second = 0;
    this.labelled = 0;
    this.tries = 0;
    this.epoch = 0;
    this.endTicks = eachTick((now) => this.tick(now));
  }

  get historic() {
    return this.settings.value.time === "history";
  }

  // Open the view's job. Raises Refused; then nothing runs.
  async start() {
    this.trouble.value = "";
    this.state.value = "starting";
    const mine = ++this.epoch;
    let answer;
    try {
      answer = await call("POST", `${FOCUS}/configure`, requestOf(this.settings.value));
    } catch (refused) {
      if (mine === this.epoch) this.state.value = "stopped";
      throw refused;
    }
    if (mine !== this.epoch) {
      endJob(answer.job_id);
      return;
    }
    this.jobId.value = answer.job_id;
    this.reset();
    this.connect();
  }

  reset() {
    this.waterfall = null;
    this.queue = [];
    this.newestReceived = -1;
    this.allReceived = false;
    this.spectrum.value = null;
    this.cursor.value = null;
    this.drawn.value += 1;
    if (!this.canvas) return;
    Object.assign(this.canvas.dataset, { rows: 0, newestRow: -1, newestTime: "" });
    this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  connect() {
    this.socket?.close();
    const mine = ++this.epoch;
    const current = (act) => (said) => mine === this.epoch && act(said);
    this.socket = new StreamSocket(this.jobId.value, {
      onView: current((view) => this.setView(view)),
      onRows: current((rows) => this.receive(rows)),
      onSpectrum: current((spectrum) => this.state.value !== "paused" && (this.spectrum.value = spectrum)),
      onEnded: current(() => (this.allReceived = true)),
      onLost: current((code) => this.lost(code)),
    });
    this.socket.askForSpectrum(this.spectrumChannel.value);
  }

  setView(view) {
    const single = view.viewType === SINGLECHANNEL;
    const [first, last] = view.channels;
    const columns = single ? view.frequencies.length : last - first + 1;
    const firstColumn = single ? 0 : first;
    this.frequencies = view.frequencies;
    this.linesDt = view.linesDt;
    // Others may have moved the view's region.
    this.settings.value = { ...this.settings.value, first, last };
    const picture = this.waterfall;
    if (!picture || picture.columns !== columns || picture.firstColumn !== firstColumn) {
      this.queue = [];
      this.newestReceived = -1;
      this.waterfall = new Waterfall(columns, this.settings.value.rows, firstColumn);
      this.waterfall.cyclic = this.cyclic.value;
    }
    if (single) this.showSpectrum(first);
    this.drawn.value += 1;
  }

  receive({ firstColumn, columns, count, row, timeMs, levels }) {
    this.tries = 0;
    if (this.state.value === "starting" || this.state.value === "lost") {
      batch(() => {
        this.state.value = "running";
        this.trouble.value = "";
      });
    }
    const picture = this.waterfall;
    if (!picture) return;
    if (firstColumn < picture.firstColumn || firstColumn + columns > picture.firstColumn + picture.columns) {
      this.connect();
      return;
    }
    this.originMs = timeMs - row * this.linesDt * 1000 + (defective("page-time-axis-shifted") ? SHIFTED_MS : 0);
    for (let index = 0; index < count; index++) {
      this.queue.push({ row: row + index, firstColumn, levels: levels.subarray(index * columns, (index + 1) * columns) });
    }
    this.newestReceived = Math.max(this.newestReceived, row + count - 1);
    // A paused view, or one that the screen does not show, keeps what its picture can hold.
    const oldest = this.newestReceived - picture.height;
    if (this.queue[0].row < oldest - picture.height && !this.historic) this.queue = this.queue.filter((one) => one.row > oldest);
  }

  timeOf(row) {
    return this.originMs + row * this.linesDt * 1000;
  }

  // The row that the next tick would show as the newest.
  get nextRow() {
    const begin = this.waterfall.newestRow < 0 ? this.queue[0].row - 1 : this.waterfall.newestRow;
    return begin + Math.max(0, Math.ceil((this.newestReceived - begin) / SPREAD_TICKS));
  }

  // Its time; for views that are shown together.
  get nextTime() {
    if (this.waterfall && this.queue.length) return this.timeOf(this.nextRow);
    if (this.allReceived) return Infinity;
    return this.waterfall?.newestRow >= 0 ? this.timeOf(this.waterfall.newestRow) : -Infinity;
  }

  tick(now) {
    if (now - this.second >= SECOND_MS) {
      this.fps.value = Math.round((this.draws * SECOND_MS * 10) / (now - this.second)) / 10;
      this.draws = 0;
      this.second = now;
    }
    if (!this.waterfall) return;
    if (this.state.value !== "paused" && this.queue.length) this.show(now);
    if (this.allReceived && !this.queue.length && this.state.value === "running") this.over();
    if (this.waterfall.changed && this.canvas) this.draw(now);
  }

  show(now) {
    const picture = this.waterfall;
    const last = this.limit ? Math.floor((this.limit(now) - this.originMs) / (this.linesDt * 1000) + 1e-6) : Infinity;
    const target = Math.min(this.nextRow, last);
    if (target > picture.newestRow) picture.advanceTo(target);
    const due = [];
    this.queue = this.queue.filter((one) => one.row > target || !due.push(one));
    for (const one of due) picture.write(one.row, one.firstColumn, one.levels);
  }

  draw(now) {
    const picture = this.waterfall;
    picture.changed = false;
    picture.drawOn(this.canvas);
    this.draws += 1;
    // What is said of the picture changes with it, in one step.
    const said = this.canvas.dataset;
    said.rows = picture.rows;
    said.newestRow = picture.newestRow;
    said.newestTime = picture.newestRow < 0 ? "" : Math.round(this.timeOf(picture.newestRow));
    said.columns = picture.columns;
    said.firstColumn = picture.firstColumn;
    if (now - this.labelled < LABELS_MS) return;
    this.labelled = now;
    this.drawn.value += 1;
  }

  over() {
    this.state.value = "ended";
    this.socket?.close();
    this.jobId.value = "";
  }

  // The stream broke off: first the same job again; where that is gone, a live view gets another.
  async lost(code) {
    if (["stopped", "ended"].includes(this.state.value)) return;
    const mine = ++this.epoch;
    const again = (act) => setTimeout(() => mine === this.epoch && act(), AGAIN_MS);
    if (this.state.value !== "starting") this.state.value = "lost";
    if (code === CLOSED.unauthorized) {
      await findUser();
      if (user.value) again(() => this.connect());
      return;
    }
    this.tries += 1;
    const jobIsGone = [CLOSED.gone, CLOSED.unknown].includes(code);
    if (code === CLOSED.foreign || (jobIsGone && this.historic && this.tries > 5)) {
      this.state.value = "stopped";
      this.trouble.value = "The view's job is gone.";
      return;
    }
    // A deployed server knows a new job only after some seconds (PZ-13269).
    const patience = this.state.value === "starting" ? 8 : 2;
    if (!jobIsGone || this.historic || this.tries < patience) again(() => this.connect());
    else again(() => this.reopen());
  }

  async reopen() {
    const mine = this.epoch;
    try {
      const answer = await call("POST", `${FOCUS}/configure`, requestOf(this.settings.value));
      if (mine !== this.epoch) {
        endJob(answer.job_id);
        return;
      }
      this.jobId.value = answer.job_id;
      this.reset();
      this.connect();
    } catch {
      if (mine === this.epoch) this.lost(CLOSED.gone);
    }
  }

  stop() {
    const ended = endJob(this.jobId.value);
    this.leaveJob();
    return ended;
  }

  leaveJob() {
    this.epoch += 1;
    this.socket?.close();
    this.socket = null;
    batch(() => {
      this.jobId.value = "";
      this.state.value = "stopped";
      this.queue = [];
    });
  }

  pause() {
    if (this.state.value === "running") this.state.value = "paused";
  }

  resume() {
    if (this.state.value === "paused") this.state.value = "running";
  }

  // Show something else: by a change of the job where it can, else by another job. Raises Refused; then all stays.
  async change(settings) {
    const running = ["running", "paused", "starting", "lost"].includes(this.state.value);
    if (running && isChange(this.settings.value, settings)) {
      await call("POST", `${FOCUS}/config_task`, changeOf(settings, this.jobId.value));
      this.settings.value = settings;
      this.reset();
      this.state.value = "starting";
      this.connect();
      return;
    }
    const answer = await call("POST", `${FOCUS}/configure`, requestOf(settings));
    endJob(this.jobId.value);
    batch(() => {
      this.settings.value = settings;
      this.jobId.value = answer.job_id;
      this.trouble.value = "";
      this.state.value = "starting";
    });
    this.reset();
    this.connect();
  }

  showSpectrum(channel) {
    this.spectrumChannel.value = channel;
    this.spectrum.value = null;
    this.socket?.askForSpectrum(channel);
  }

  setCyclic(cyclic) {
    this.cyclic.value = cyclic;
    this.waterfall?.setCyclic(cyclic);
  }

  // Resolved once the site knows.
  close() {
    this.endTicks();
    return this.stop();
  }

  abandon() {
    this.endTicks();
    this.leaveJob();
  }
}

// One that is gone already is no matter.
async function endJob(jobId) {
  if (jobId) await call("DELETE", `${FOCUS}/job/${encodeURIComponent(jobId)}`).catch(() => {});
}

// For a page that is left: the browser sends this even then.
export function endJobNow(jobId) {
  if (!jobId) return;
  const headers = { "X-CSRF-Token": cookie("csrf-token") };
  fetch(`${FOCUS}/job/${encodeURIComponent(jobId)}`, { method: "DELETE", headers, keepalive: true }).catch(() => {});
}
