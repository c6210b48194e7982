// The board: cards move by pointer, by Alt with the arrow keys and by a menu. The server decides what a
// move means; it answers with the new board, or with the reason why the card stays where it is.
import htmx from "htmx.org";
import { all, announce, h, text } from "../dom.js";
import { toast } from "../toasts.js";

const THRESHOLD = 6;
const EDGE = 48;

const board = () => document.getElementById("board");
const heads = () => all(board(), "[data-column]");
const cellOf = (card) => card.closest("[data-cell]");
const titleOf = (key) => heads().find((head) => head.dataset.column === key)?.dataset.title ?? "";
const cardOf = (uid) => document.getElementById(`card-${uid}`);

/** Put the answer in the place of the board and say what it says. */
function exchange(answer) {
  const fresh = new DOMParser().parseFromString(answer, "text/html").getElementById("board");
  if (!fresh) return;
  const { scrollLeft = 0, scrollTop = 0 } = board().querySelector(".board-scroll") ?? {};
  const told = all(fresh, "[data-told] p").map((line) => [line.textContent, line.dataset.level]);
  board().replaceWith(document.adoptNode(fresh));
  htmx.process(board());
  board().querySelector(".board-scroll")?.scrollTo(scrollLeft, scrollTop);
  if (told.length) tell(told);
}

let note = null;

/** Say in one message what the last act did: what was done first, then what followed from it. */
function tell(told) {
  const isDone = ([, level]) => level === "success";
  const sentences = [...told.filter(isDone), ...told.filter((one) => !isDone(one))].map(([sentence]) => sentence);
  const levels = told.map(([, level]) => level);
  note?.remove();
  note = toast(sentences.join(" "), ["error", "warning", "success"].find((level) => levels.includes(level)) ?? "info");
}

/** Send a form of the board; true when it was done. */
async function send(address, values) {
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
  board().setAttribute("aria-busy", "true");
  const answer = await fetch(address, {
    method: "POST",
    headers: { ...token, "HX-Request": "true" },
    body: new URLSearchParams(values),
  }).catch(() => null);
  board().removeAttribute("aria-busy");
  if (answer?.ok) {
    exchange(await answer.text());
    return true;
  }
  const said = answer?.headers.get("X-Message");
  const sentence = said ? decodeURIComponent(said) : text(reasonOf(answer?.status));
  tell([[sentence, "error"]]);
  announce(sentence);
  return false;
}

function reasonOf(status) {
  if (!status) return "errorOffline";
  if (status === 401) return "errorSignedOut";
  if (status === 403) return "errorForbidden";
  if (status === 409 || status === 412) return "errorStale";
  return status >= 500 ? "errorServer" : "errorRequest";
}

export function start(frame) {
  const say = frame.dataset;
  let isSending = false;

  async function move(card, column, lane) {
    const here = cellOf(card);
    const ownLane = here.parentElement.dataset.lane;
    const changesLane = lane !== undefined && lane !== ownLane;
    if (isSending || (column === here.dataset.cell && !changesLane)) return;
    if (!card.dataset.version) {
      tell([[say.noRight, "warning"]]);
      announce(say.noRight);
      return;
    }
    isSending = true;
    card.classList.add("is-sending");
    const { card: uid, name } = card.dataset;
    const values = { to: column, version: card.dataset.version, ...(changesLane ? { lane } : {}) };
    const isDone = await send(card.querySelector("[data-move]").href, values);
    isSending = false;
    card.classList.remove("is-sending");
    const now = cardOf(uid);
    now?.focus();
    if (isDone) announce(`${name}: ${say.moved} ${titleOf(now ? cellOf(now).dataset.cell : column)}`);
  }

  // Keyboard

  function step(card, key) {
    const here = cellOf(card);
    const row = here.parentElement;
    const cells = [...row.children];
    const rows = all(board(), ".board-row:not(.board-heads)");
    if (key === "ArrowUp" || key === "ArrowDown") {
      const next = rows[rows.indexOf(row) + (key === "ArrowUp" ? -1 : 1)];
      if (!next) return announce(say.noColumn);
      return move(card, here.dataset.cell, next.dataset.lane);
    }
    const target = neighbor(cells, here, key === "ArrowLeft" ? -1 : 1);
    return target ? move(card, target.dataset.cell) : announce(say.noColumn);
  }

  /** The next column a card can be moved to; one that only follows from links is passed over. */
  function neighbor(cells, here, way) {
    const computed = new Set(heads().filter((head) => "computed" in head.dataset).map((head) => head.dataset.column));
    for (let place = cells.indexOf(here) + way; place >= 0 && place < cells.length; place += way) {
      if (!computed.has(cells[place].dataset.cell)) return cells[place];
    }
    return null;
  }

  function walk(card, key) {
    const here = cellOf(card);
    if (key === "ArrowUp") return card.previousElementSibling?.focus();
    if (key === "ArrowDown") return card.nextElementSibling?.focus();
    const cells = [...here.parentElement.children];
    const way = key === "ArrowLeft" ? -1 : 1;
    const place = [...here.children].indexOf(card);
    for (let next = cells.indexOf(here) + way; next >= 0 && next < cells.length; next += way) {
      const there = cells[next].children;
      if (there.length) return there[Math.min(place, there.length - 1)].focus();
    }
    return undefined;
  }

  frame.addEventListener("keydown", (event) => {
    const card = event.target;
    if (!card.matches?.("[data-card]")) return;
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      if (event.altKey) step(card, event.key);
      else walk(card, event.key);
    } else if (event.key === "Enter") {
      card.querySelector(".card-name").click();
    } else if (event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      if (card.dataset.version) openMenu(card);
      else announce(say.noRight);
    }
  });

  // Menu of a card

  function openMenu(card) {
    closeMenu();
    const here = cellOf(card).dataset.cell;
    const wanted = heads().filter((head) => head.dataset.column !== here && !("computed" in head.dataset));
    const choices = wanted.map((head) =>
      h("button", { type: "button", role: "menuitem", class: "board-choice", onclick: () => choose(card, head.dataset.column) }, head.dataset.title),
    );
    const menu = h("div", { class: "board-menu", role: "menu", "aria-label": `${say.moveTo}: ${card.dataset.name}` }, ...choices);
    menu.addEventListener("keydown", (event) => onMenuKey(event, choices, card));
    card.append(menu);
    menu.scrollIntoView({ block: "nearest" });
    choices[0]?.focus();
  }

  function onMenuKey(event, choices, card) {
    event.stopPropagation();
    const place = choices.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") {
      closeMenu();
      card.focus();
    } else if (event.key === "ArrowDown") choices[(place + 1) % choices.length].focus();
    else if (event.key === "ArrowUp") choices[(place - 1 + choices.length) % choices.length].focus();
    else return;
    event.preventDefault();
  }

  function choose(card, column) {
    closeMenu();
    move(card, column);
  }

  const closeMenu = () => all(frame, ".board-menu").forEach((menu) => menu.remove());

  frame.addEventListener("click", (event) => {
    const link = event.target.closest("[data-move]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const card = link.closest("[data-card]");
      if (card.querySelector(".board-menu")) closeMenu();
      else openMenu(card);
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest?.(".board-menu, [data-move]")) closeMenu();
  });

  // Quick add

  frame.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-add]");
    if (!form) return;
    event.preventDefault();
    if (isSending || !form.elements.name.value.trim()) return;
    isSending = true;
    const { add } = form.dataset;
    const isDone = await send(form.action, new FormData(form));
    isSending = false;
    const field = document.getElementById(`add-${add}`);
    if (isDone && field) field.value = "";
    field?.focus();
  });

  // Pointer: mouse and pen drag; a finger scrolls and uses the menu.

  let drag = null;

  frame.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("[data-card]");
    if (!card || event.button !== 0 || event.pointerType === "touch" || isSending) return;
    if (!card.dataset.version || event.target.closest("button, [data-move], .board-menu")) return;
    drag = { card, x: event.clientX, y: event.clientY, ghost: null, target: null };
  });

  function lift(event) {
    const box = drag.card.getBoundingClientRect();
    const ghost = drag.card.cloneNode(true);
    ghost.removeAttribute("id");
    ghost.setAttribute("aria-hidden", "true");
    ghost.classList.add("board-ghost");
    ghost.style.width = `${box.width}px`;
    drag.left = event.clientX - box.left;
    drag.top = event.clientY - box.top;
    drag.ghost = ghost;
    drag.card.classList.add("is-lifted");
    frame.classList.add("is-dragging");
    frame.append(ghost);
    announce(say.picked);
  }

  function over(event) {
    drag.ghost.style.transform = `translate(${event.clientX - drag.left}px, ${event.clientY - drag.top}px)`;
    const below = document.elementFromPoint(event.clientX, event.clientY);
    let target = below?.closest("[data-cell]") ?? null;
    const head = below?.closest("[data-column]");
    if (!target && head) target = cellOf(drag.card).parentElement.querySelector(`[data-cell="${head.dataset.column}"]`);
    if (target !== drag.target) {
      drag.target?.classList.remove("is-target");
      target?.classList.add("is-target");
      drag.target = target;
    }
    const scroller = board().querySelector(".board-scroll");
    const edges = scroller.getBoundingClientRect();
    if (event.clientX > edges.right - EDGE) scroller.scrollLeft += 12;
    if (event.clientX < edges.left + EDGE) scroller.scrollLeft -= 12;
    if (event.clientY > edges.bottom - EDGE) scroller.scrollTop += 12;
    if (event.clientY < edges.top + EDGE) scroller.scrollTop -= 12;
  }

  function drop() {
    const { card, target, ghost } = drag;
    drag = null;
    ghost?.remove();
    card.classList.remove("is-lifted");
    target?.classList.remove("is-target");
    frame.classList.remove("is-dragging");
    return ghost ? { card, target } : null;
  }

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < THRESHOLD) return;
    if (!drag.ghost) lift(event);
    over(event);
  });
  document.addEventListener("pointerup", () => {
    const dropped = drag ? drop() : null;
    if (!dropped) return;
    // The click that follows a drag must not open the card.
    const swallow = (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
    if (dropped.target) move(dropped.card, dropped.target.dataset.cell, dropped.target.parentElement.dataset.lane);
  });
  document.addEventListener("pointercancel", () => drag && drop());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) drop();
  });
  frame.addEventListener("dragstart", (event) => event.preventDefault());
}
