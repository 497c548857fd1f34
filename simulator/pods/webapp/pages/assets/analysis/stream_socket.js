// The rows of a job as they arrive: messages of the web app, read.

import { closeSocket, socketUrl } from "../api.js";

const ROWS = 1;
const HEADER_BYTES = 32;
const NORMAL = 1000;
export const CLOSED = { unauthorized: 4401, foreign: 4403, unknown: 4404, gone: 4410 };

// What the caller gets: onView(view), onRows({firstColumn, columns, count, row, timeMs, levels}),
// onSpectrum({channel, row, timeMs, values}), onEnded(), onLost(code).
export class StreamSocket {
  constructor(jobId, calls) {
    this.ended = false;
    this.left = false;
    this.wanted = null;
    this.socket = new WebSocket(socketUrl(`/view-stream/${encodeURIComponent(jobId)}`));
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.wanted !== null && this.askForSpectrum(this.wanted);
    this.socket.onmessage = ({ data }) => !this.left && (typeof data === "string" ? this.readText(data, calls) : readRows(data, calls));
    this.socket.onclose = ({ code }) => {
      if (this.left) return;
      if (this.ended && code === NORMAL) calls.onEnded();
      else calls.onLost(code);
    };
  }

  readText(text, calls) {
    const said = JSON.parse(text);
    if (said.view) calls.onView(said.view);
    if (said.ended) this.ended = true;
  }

  askForSpectrum(channel) {
    this.wanted = channel;
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ spectrum: channel }));
  }

  close() {
    this.left = true;
    closeSocket(this.socket);
  }
}

function readRows(buffer, calls) {
  const header = new DataView(buffer);
  const [kind, first, columns, count, row] = [0, 4, 8, 12, 16].map((offset) => header.getUint32(offset, true));
  const timeMs = header.getFloat64(24, true);
  if (kind === ROWS) calls.onRows({ firstColumn: first, columns, count, row, timeMs, levels: new Uint8Array(buffer, HEADER_BYTES) });
  else calls.onSpectrum({ channel: first, row, timeMs, values: new Float32Array(buffer, HEADER_BYTES) });
}
