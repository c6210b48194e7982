// Runs before the first paint, so that nothing flashes: theme, density and sidebar of this browser.
// And so that no choice is lost: who chooses in a list before the other scripts are there is heard, too.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const choice = read("pmo-theme") || root.dataset.themeDefault || "auto";
    const isDark = choice === "dark" || (choice === "auto" && system.matches);
    root.dataset.bsTheme = isDark ? "dark" : "light";
    root.dataset.density = read("pmo-density") || "comfortable";
    root.toggleAttribute("data-sidebar-folded", read("pmo-sidebar") === "folded");
    root.dispatchEvent(new CustomEvent("pmo:theme"));
  };
  root.classList.add("js");
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("pmo:apply-theme", apply);
  addEventListener("change", ({ target }) => {
    if (!target.matches?.("[data-autosubmit]") || !target.form || target.form.hasAttribute("hx-get")) return;
    target.form.requestSubmit();
  });
})();
