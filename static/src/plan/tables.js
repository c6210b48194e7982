// Cells as text: what a spreadsheet puts on the clipboard and takes from it.

/** Rows of cells of tab-separated text; quoted cells may hold tabs, line ends and doubled quotes. */
export function parseTable(text) {
  const rows = [[]];
  let cell = "";
  let isQuoted = false;
  const source = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') { cell += '"'; at += 1; } else isQuoted = false;
    } else if (sign === '"' && cell === "") isQuoted = true;
    else if (sign === "\t") { rows.at(-1).push(cell); cell = ""; } else if (sign === "\n") { rows.at(-1).push(cell); rows.push([]); cell = ""; } else cell += sign;
  }
  rows.at(-1).push(cell);
  if (rows.length > 1 && rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows;
}

/** Tab-separated text of rows of cells. */
export function writeTable(rows) {
  return rows.map((cells) => cells.map(quoted).join("\t")).join("\n");
}

const quoted = (cell) => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** How deep a pasted name stands: spaces (or full-width ones) before it, in steps of the least indent used. */
export function indentsOf(names) {
  const leading = names.map((name) => name.length - name.trimStart().length);
  const step = Math.min(...leading.filter(Boolean), Infinity);
  return leading.map((spaces) => (spaces ? Math.round(spaces / step) : 0));
}
