// Sets the theme before the first paint, and again when the system changes its own while none was chosen. A file of its own,
// because the content security policy forbids inline scripts.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let dark = system.matches;
    try {
      const chosen = localStorage.getItem("mf-theme");
      if (chosen) dark = chosen === "dark";
    } catch {
      // storage is closed to us: follow the system
    }
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    // The frame of an installed app: the rail of each theme, before any style has loaded.
    document.querySelector("meta[name=theme-color]")?.setAttribute("content", dark ? "#0a100f" : "#12302b");
  };
  apply();
  system.addEventListener("change", apply);
})();
