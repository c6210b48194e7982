// The mouse in the grid: choose, fold, edit, sort out columns.

export function listenToGrid(page) {
  const { grid } = page.board;
  grid.addEventListener("pointerdown", (event) => press(page, event));
  grid.addEventListener("dblclick", (event) => {
    if (event.target.closest("[data-at]") && !event.target.closest("[data-toggle], .plan-editor")) page.editor.begin();
  });
  grid.addEventListener("contextmenu", (event) => {
    const spot = spotOf(event);
    if (!spot || page.editor.open) return;
    event.preventDefault();
    if (!page.selection.hasRow(spot.place, keyAt(page, spot.place))) page.selection.go(spot.place, spot.at ?? page.selection.focus.at);
    page.commands.openRowMenu({ x: event.clientX, y: event.clientY });
  });
  grid.addEventListener("focusin", (event) => {
    const spot = spotOf(event);
    const { focus } = page.selection;
    if (spot && spot.at !== null && !page.isPressing && (spot.place !== focus.place || spot.at !== focus.at) && event.target.matches("[data-at]")) page.selection.go(spot.place, spot.at);
  });
}

const keyAt = (page, place) => page.plan.visible[place]?.key ?? "new";

function spotOf(event) {
  const row = event.target.closest?.(".plan-row");
  if (!row) return null;
  const cell = event.target.closest("[data-at]");
  return { place: Number(row.dataset.place), at: cell ? Number(cell.dataset.at) : null };
}

function press(page, event) {
  if (event.button !== 0 || event.target.closest(".plan-editor")) return;
  if (event.target.closest("[data-edge]")) { resize(page, event); return; }
  const head = event.target.closest(".plan-th");
  if (head) { reorder(page, event, head); return; }
  const spot = spotOf(event);
  if (!spot) return;
  if (event.target.closest("[data-toggle]")) {
    event.preventDefault();
    page.plan.fold(page.sheet.itemAt(spot.place).key);
    return;
  }
  const isNumber = Boolean(event.target.closest("[data-number]"));
  const at = spot.at ?? Math.max(0, page.sheet.columns.findIndex((column) => column.key === "name"));
  const { selection } = page;
  const wasFocus = selection.focus.place === spot.place && selection.focus.at === at;
  if (page.editor.open) page.editor.finish();
  page.isPressing = true;
  if (event.ctrlKey || event.metaKey) selection.toggle(spot.place, at);
  else selection.go(spot.place, at, { extend: event.shiftKey, isWhole: isNumber });
  page.focus();
  page.isPressing = false;
  event.preventDefault();
  if (event.pointerType === "touch" && wasFocus) page.editor.begin();
  else if (event.pointerType !== "touch") stretch(page, event, at, isNumber);
  if (keyAt(page, spot.place) === "new" && !event.shiftKey) page.editor.begin("");
}

/** Drag over cells to choose them. */
function stretch(page, event, at, isWhole) {
  const { grid } = page.board;
  const move = (moved) => {
    const spot = spotOf({ target: document.elementFromPoint(moved.clientX, moved.clientY) ?? grid });
    if (spot && (spot.place !== page.selection.focus.place || (spot.at ?? at) !== page.selection.focus.at)) page.selection.go(spot.place, spot.at ?? at, { extend: true, isWhole });
  };
  const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
}

function resize(page, event) {
  event.preventDefault();
  const key = event.target.dataset.edge;
  const column = page.sheet.columns.find((each) => each.key === key);
  const [start, wide] = [event.clientX, page.sheet.widthOf(column)];
  const move = (moved) => {
    page.settings.widths[key] = Math.max(40, Math.round(wide + moved.clientX - start));
    page.layOut();
    page.board.draw(true);
  };
  const end = () => { page.keep(); removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
}

/** Drag a title to another place. */
function reorder(page, event, head) {
  event.preventDefault();
  const { key } = head.dataset;
  let target = null;
  const move = (moved) => {
    const over = document.elementFromPoint(moved.clientX, moved.clientY)?.closest?.(".plan-th");
    page.board.gridHead.querySelectorAll(".is-target").forEach((each) => each.classList.remove("is-target"));
    target = over && over.dataset.key !== key ? over.dataset.key : null;
    if (target) over.classList.add("is-target");
  };
  const end = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    if (!target) return;
    const columns = [...page.settings.columns];
    const forward = columns.indexOf(key) < columns.indexOf(target);
    columns.splice(columns.indexOf(key), 1);
    columns.splice(columns.indexOf(target) + (forward ? 1 : 0), 0, key);
    page.ownColumns(columns);
    page.keep();
    page.layOut();
    page.board.draw(true);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
}
