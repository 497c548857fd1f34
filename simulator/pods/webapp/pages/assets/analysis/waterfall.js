// The picture of a view: one pixel a column and row, newest row at the top. Holes are transparent.

import { defective } from "../page.js";
import { HOLE, PIXELS } from "./colours.js";

// With the defect page-waterfall-frozen nothing is drawn after so many rows.
const FROZEN_AFTER = 5;

// Rows lie in a ring, so that a new one moves nothing: each on the line below the one that came after it. Drawn as it
// is, the ring is the cyclic picture; drawn in two pieces, the newest row is at the top.
export class Waterfall {
  // firstColumn: channel, or bin, of the leftmost column.
  constructor(columns, height, firstColumn) {
    this.columns = columns;
    this.height = height;
    this.firstColumn = firstColumn;
    this.image = new ImageData(columns, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.levels = new Uint8Array(columns * height);
    this.newestRow = -1;
    // Rows that were drawn, at least in part; each counts once.
    this.rows = 0;
    this.newestWritten = -1;
    this.cyclic = false;
    this.changed = true;
  }

  // Make room, so that `row` is the newest.
  advanceTo(row) {
    if (row <= this.newestRow) return;
    const { columns, height } = this;
    for (let fresh = Math.max(this.newestRow + 1, row - height + 1); fresh <= row; fresh++) {
      this.pixels.fill(HOLE, this.ringLine(fresh) * columns, (this.ringLine(fresh) + 1) * columns);
    }
    this.newestRow = row;
    this.changed = true;
  }

  ringLine(row) {
    return this.height - 1 - (row % this.height);
  }

  holds(row) {
    return row >= 0 && row <= this.newestRow && row > this.newestRow - this.height;
  }

  // The pixel line on which a row is drawn, -1 where the picture does not hold it.
  lineOf(row) {
    if (!this.holds(row)) return -1;
    return this.cyclic ? this.ringLine(row) : this.newestRow - row;
  }

  // The row that is drawn on a pixel line; below 0 where there is none yet.
  rowOf(line) {
    if (!this.cyclic) return this.newestRow - line;
    return this.newestRow - ((line - this.ringLine(this.newestRow) + this.height) % this.height);
  }

  // `levels` of the columns from `firstColumn` on; the row is not newer than the newest.
  write(row, firstColumn, levels) {
    const left = firstColumn - this.firstColumn;
    if (!this.holds(row) || left < 0 || left + levels.length > this.columns) return;
    if (row > this.newestWritten) {
      this.rows += 1;
      this.newestWritten = row;
    }
    this.changed = true;
    if (defective("page-waterfall-frozen") && this.rows > FROZEN_AFTER) return;
    const at = this.ringLine(row) * this.columns + left;
    const shown = defective("page-channels-swapped") ? Uint8Array.from(levels).reverse() : levels;
    this.levels.set(shown, at);
    for (let index = 0; index < shown.length; index++) this.pixels[at + index] = PIXELS[shown[index]];
  }

  // The level of a column in a row, null in a hole.
  levelAt(column, row) {
    if (!this.holds(row)) return null;
    const at = this.ringLine(row) * this.columns + column;
    return this.pixels[at] === HOLE ? null : this.levels[at];
  }

  setCyclic(cyclic) {
    this.cyclic = cyclic;
    this.changed = true;
  }

  drawOn(canvas) {
    const { columns, height, image } = this;
    if (canvas.width !== columns || canvas.height !== height) {
      canvas.width = columns;
      canvas.height = height;
    }
    const surface = canvas.getContext("2d");
    const top = this.cyclic || this.newestRow < 0 ? 0 : this.ringLine(this.newestRow);
    surface.putImageData(image, 0, -top, 0, top, columns, height - top);
    if (top) surface.putImageData(image, 0, height - top, 0, 0, columns, top);
  }
}
