// "Cannot grade", and why: one of a list, with words of the rater's own if they wish.

const OTHER = "Other";

// Resolves with the reason, or null where the rater thought better of it.
export function askReason(dialog) {
  const form = dialog.querySelector("form");
  const words = form.elements.words;
  const problem = dialog.querySelector(".problem");
  form.reset();
  problem.hidden = true;
  dialog.returnValue = "";
  dialog.showModal();
  form.elements.reason[0].focus();
  return new Promise((resolve) => {
    const submit = (event) => {
      if (event.submitter?.value === "cancel") return;
      const reason = form.elements.reason.value;
      const said = words.value.replace(/[^\S\n]+/g, " ").trim();
      const missing = !reason ? "Choose a reason." : reason === OTHER && !said ? "Say in a few words why." : "";
      if (!missing) return;
      event.preventDefault();
      problem.textContent = missing;
      problem.hidden = false;
    };
    const close = () => {
      form.removeEventListener("submit", submit);
      dialog.removeEventListener("close", close);
      const reason = form.elements.reason.value;
      const said = words.value.replace(/\s+/g, " ").trim();
      if (dialog.returnValue !== "send" || !reason) resolve(null);
      else resolve(said ? `${reason}: ${said}` : reason);
    };
    form.addEventListener("submit", submit);
    dialog.addEventListener("close", close);
  });
}
