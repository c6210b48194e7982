// Where the person was in this plan: row, folded branches and sight, for the way back within the session.

const keyOf = (page) => `pmo.plan.${page.plan.model.project.code}.place`;

export function leaveMark(page) {
  const { selection, plan, board } = page;
  const mark = { key: selection.key, at: selection.focus.at, folded: [...plan.folded], top: board.scroller.scrollTop };
  try {
    sessionStorage.setItem(keyOf(page), JSON.stringify(mark));
  } catch {
    // A full or closed store only means that the plan opens at its beginning.
  }
}

/** Open where the person left; an address that names a row wins, it is read after this. */
export function comeBack(page) {
  const { selection, plan, board, sheet } = page;
  const mark = read(page);
  if (!mark) return;
  plan.folded = new Set(mark.folded.filter((key) => plan.rows.has(key) || String(key).startsWith("group:")));
  plan.arrange();
  const place = plan.placeOf.get(mark.key);
  if (place === undefined) return;
  board.scroller.scrollTop = mark.top;
  selection.go(place, Math.min(mark.at, sheet.columns.length - 1));
}

function read(page) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(page)));
  } catch {
    return null;
  }
}
