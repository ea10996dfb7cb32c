// A voice note recorded within the page, where the phone can; else its own recorder is opened.
document.querySelectorAll("input[data-voice]").forEach((input) => {
  if (!window.MediaRecorder || !window.DataTransfer || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  const words = input.form.dataset, button = document.createElement("button"), said = document.createElement("p");
  button.type = "button"; button.className = "btn btn-quiet hh-big"; button.textContent = words.wordsRecord;
  said.setAttribute("role", "status");
  input.after(button, said);
  input.hidden = true;
  let recorder = null;
  button.addEventListener("click", async () => {
    if (recorder) { recorder.stop(); return; }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true }), parts = [];
      recorder = new MediaRecorder(stream);
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.onstop = () => {
        const kind = (recorder.mimeType || "audio/webm").split(";")[0], held = new DataTransfer();
        held.items.add(new File(parts, "voice", { type: kind }));
        input.files = held.files;
        stream.getTracks().forEach((track) => track.stop());
        recorder = null;
        button.textContent = words.wordsRecord; said.textContent = words.wordsHeld;
      };
      recorder.start();
      button.textContent = words.wordsStop;
    } catch (fault) {
      recorder = null; input.hidden = false; button.hidden = true;
    }
  });
});
