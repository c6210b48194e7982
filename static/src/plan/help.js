// The panel of keys.
import { h } from "../dom.js";
import { openDialog } from "./menus.js";
import { say } from "./words.js";

const PARTS = [
  ["keysWrite", [["A…Z", "keyType"], ["F2", "keyEdit"], ["Enter", "keyEnter"], ["Esc", "keyEsc"], ["Ins", "cmd_insert"], ["Del", "keyClear"], ["Ctrl D", "cmd_fillDown"], ["Ctrl Z · Ctrl Y", "keyUndo"]]],
  ["keysOutline", [["Tab · Shift Tab", "keyIndent"], ["Alt → · Alt ←", "keyIndentAlways"], ["Alt ↑ · Alt ↓", "keyMove"], ["Space", "keyFold"], ["Ctrl → · Ctrl ←", "keyFoldName"], ["Ctrl L · Ctrl F2", "cmd_linkChosen"], ["Ctrl Shift L", "cmd_unlinkChosen"]]],
  ["keysChoose", [["Shift ↑ ↓ ← →", "keyExtend"], ["Shift Space", "keyRow"], ["Ctrl Space", "keyMark"], ["Ctrl A", "cmd_chooseAll"], ["Ctrl C · X · V", "keyClipboard"], ["Home · End", "keyEnds"], ["Ctrl Home · Ctrl End", "keyFarEnds"], ["Shift F10", "keyMenu"], ["Shift F2", "cmd_open"]]],
  ["keysLook", [["Ctrl F", "cmd_find"], ["F3 · Shift F3", "keyFindNext"], ["Alt F", "cmd_filter"], ["Alt C", "cmd_columns"], ["Ctrl G", "cmd_toTask"], ["Alt T", "cmd_toNow"], ["Alt + · Alt −", "keyZoom"], ["Alt 0", "cmd_fit"], ["Alt M", "cmd_maximize"], ["Esc, Tab", "keyLeave"], ["?", "cmd_help"]]],
];

export function showHelp() {
  const part = ([title, keys]) => h("section", { class: "plan-keys" }, h("h3", {}, say(title)), h("dl", {}, ...keys.flatMap(([key, words]) => [h("dt", {}, ...key.split(" · ").flatMap((each, at) => [at ? " " : null, h("kbd", {}, each)])), h("dd", {}, say(words))])));
  openDialog(say("cmd_help"), h("div", { class: "plan-help" }, ...PARTS.map(part)), [{ title: say("close"), isMain: true }], { isWide: true });
}
