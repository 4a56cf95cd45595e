// Copies what is shown once, and keeps the choices of this browser for the console.
const KEY = "plainly-desk-choices";
const USUAL = { sound: false, notifications: false, enterSends: true, shortcuts: true };

const read = () => {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...USUAL };
  }
};

const keep = (choices) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
    return "Saved.";
  } catch {
    return "This browser does not let pages keep anything, so the choice holds for no other page.";
  }
};

const allowed = async () => {
  if (!("Notification" in window)) return "This browser has no notifications.";
  const answer = await Notification.requestPermission();
  return answer === "granted" ? "" : "The browser does not allow notifications from this site. Allow them in its settings.";
};

for (const group of document.querySelectorAll("[data-choices]")) {
  const said = group.querySelector("[data-said]");
  group.hidden = false;
  for (const box of group.querySelectorAll("[data-choice]")) {
    box.checked = read()[box.dataset.choice] === true;
    box.addEventListener("change", async () => {
      const refused = box.dataset.choice === "notifications" && box.checked ? await allowed() : "";
      if (refused) box.checked = false;
      said.textContent = refused || keep({ ...read(), [box.dataset.choice]: box.checked });
    });
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  field.addEventListener("focus", () => field.select());
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.parentElement.querySelector("[data-copied]").textContent = "Copied.";
  });
}
