// The picture of a view: one pixel a column and row, newest row at the top. Holes are transparent.

import { defective } from "../page.js";
import { HOLE, PIXELS } from "./colours.js";

// With the defect page-waterfall-frozen nothing is drawn after so many rows.
const FROZEN_AFTER = 5;

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

  // Make room at the top, so that `row` is the newest.
  advanceTo(row) {
    const by = this.newestRow < 0 ? this.height : row - this.newestRow;
    if (by <= 0) return;
    const { columns, height } = this;
    if (by >= height) {
      this.pixels.fill(HOLE);
      this.levels.fill(0);
    } else if (this.cyclic) {
      for (let fresh = this.newestRow + 1; fresh <= row; fresh++) this.clearLine(fresh % height);
    } else {
      for (const cells of [this.pixels, this.levels]) {
        cells.copyWithin(columns * by, 0, columns * (height - by));
        cells.fill(0, 0, columns * by);
      }
    }
    this.newestRow = row;
    this.changed = true;
  }

  clearLine(line) {
    this.pixels.fill(HOLE, line * this.columns, (line + 1) * this.columns);
    this.levels.fill(0, line * this.columns, (line + 1) * this.columns);
  }

  // The pixel line of a row, -1 where the picture does not hold it.
  lineOf(row) {
    const age = this.newestRow - row;
    if (this.newestRow < 0 || row < 0 || age < 0 || age >= this.height) return -1;
    return this.cyclic ? row % this.height : age;
  }

  rowOf(line) {
    if (!this.cyclic) return this.newestRow - line;
    const back = (this.newestRow - line) % this.height;
    return this.newestRow - (back < 0 ? back + this.height : back);
  }

  // `levels` of the columns from `firstColumn` on; the row is not newer than the newest.
  write(row, firstColumn, levels) {
    const line = this.lineOf(row);
    const left = firstColumn - this.firstColumn;
    if (line < 0 || left < 0 || left + levels.length > this.columns) return;
    if (row > this.newestWritten) {
      this.rows += 1;
      this.newestWritten = row;
    }
    if (defective("page-waterfall-frozen") && this.rows > FROZEN_AFTER) return;
    const at = line * this.columns + left;
    const swapped = defective("page-channels-swapped");
    const shown = swapped ? Uint8Array.from(levels).reverse() : levels;
    this.levels.set(shown, at);
    for (let index = 0; index < shown.length; index++) this.pixels[at + index] = PIXELS[shown[index]];
    this.changed = true;
  }

  // The level at a pixel, null in a hole.
  levelAt(column, line) {
    const at = line * this.columns + column;
    return this.pixels[at] === HOLE ? null : this.levels[at];
  }

  setCyclic(cyclic) {
    if (cyclic === this.cyclic) return;
    const { columns, height } = this;
    const pixels = this.pixels.slice();
    const levels = this.levels.slice();
    const lines = Array.from({ length: height }, (_, line) => [this.rowOf(line), line]);
    this.cyclic = cyclic;
    this.pixels.fill(HOLE);
    this.levels.fill(0);
    for (const [row, line] of lines) {
      const to = this.lineOf(row);
      if (to < 0) continue;
      this.pixels.set(pixels.subarray(line * columns, (line + 1) * columns), to * columns);
      this.levels.set(levels.subarray(line * columns, (line + 1) * columns), to * columns);
    }
    this.changed = true;
  }

  drawOn(canvas) {
    if (canvas.width !== this.columns || canvas.height !== this.height) {
      canvas.width = this.columns;
      canvas.height = this.height;
    }
    canvas.getContext("2d").putImageData(this.image, 0, 0);
  }
}
