// What others change arrives by itself: the plan is read again when its revision is another.
import { say } from "./words.js";

const EVERY_MS = 10000;

export function watch(page) {
  const look = async () => {
    const { sender, server, plan } = page;
    const isQuiet = !sender.queue.length && !page.editor.open && document.visibilityState === "visible";
    if (isQuiet) {
      const { status, model } = await server.read({ revision: plan.revision });
      if (status === 0 && sender.state === "saved") sender.setState("waiting");
      else if (status && sender.state === "waiting" && !sender.queue.length) sender.setState("saved");
      if (model && !sender.queue.length && !page.editor.open && model.revision !== plan.revision) {
        const changed = page.takeModel(model);
        if (changed.length) page.say(say("othersChanged", { count: changed.length }));
      }
    }
    page.watchTimer = setTimeout(look, EVERY_MS);
  };
  page.watchTimer = setTimeout(look, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    clearTimeout(page.watchTimer);
    look();
  });
}
