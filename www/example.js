import init, { Engine, labels, see } from "./engine.js";

const [input, output] = ["input", "output"].map((name) => document.querySelector(name));
await init();
const { weights, temperature } = (await (await fetch("models/pocket.json")).json()).drawings;
const file = await fetch(`models/${weights.file}`);
const engine = Engine.fromBytes(new Uint8Array(await file.arrayBuffer()), temperature);
output.value = "Ready.";

async function answer(file) {
  const picture = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const { data, width } = canvas.getImageData(0, 0, picture.width, picture.height);
  const pixels = see(data, width);
  if (!pixels) return "Blank.";
  const probabilities = engine.predict(pixels);
  const best = probabilities.indexOf(Math.max(...probabilities));
  return `${labels()[best]}, ${Math.round(probabilities[best] * 100)} % sure`;
}
input.onchange = async () => {
  output.value = await answer(input.files[0]).catch((error) => `No picture: ${error.message}`);
};
