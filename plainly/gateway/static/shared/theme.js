// Before the page is painted: light or dark as chosen at the desk, else as the system has it.
try {
  const { theme } = JSON.parse(localStorage.getItem("plainly-desk-choices") ?? "{}") ?? {};
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has nothing chosen.
}
