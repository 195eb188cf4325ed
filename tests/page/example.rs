//! The example for other pages: one network answers one picture, as the native engine does.

use crate::browser::Session;
use crate::root;
use threadcount::calibration::predictions;
use threadcount::card::Card;
use threadcount::classifier::Classifier;
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::RgbaImage;
use threadcount::preprocess::{Preprocessed, normalize, preprocess};
use threadcount::squeeze::model_file;

const SIDE: usize = 120;

/// Trousers of two rectangles.
fn is_dark(x: usize, y: usize) -> bool {
    (10..110).contains(&y) && (35..85).contains(&x) && (y < 40 || !(55..65).contains(&x))
}

#[tokio::test]
async fn in_the_browser_the_example_answers_as_the_native_engine() {
    let session = Session::example().await;
    let output = "return document.querySelector('output').value";
    let says = |text: &str| format!("{output} === {text:?}");
    session.wait("the network", &says("Ready.")).await;
    let give = |rectangles: &str| {
        format!(
            "const canvas = document.createElement('canvas'); canvas.width = canvas.height = {SIDE}; \
             const pen = canvas.getContext('2d'); pen.fillStyle = '#fff'; pen.fillRect(0, 0, {SIDE}, {SIDE}); \
             pen.fillStyle = '#333'; {rectangles} canvas.toBlob(blob => {{ \
               const data = new DataTransfer(); data.items.add(new File([blob], 'a.png', {{ type: 'image/png' }})); \
               const input = document.querySelector('input'); input.files = data.files; \
               input.dispatchEvent(new Event('change')); }})"
        )
    };
    let trousers =
        "pen.fillRect(35, 10, 50, 30); pen.fillRect(35, 40, 20, 70); pen.fillRect(65, 40, 20, 70);";
    session.script(&give(trousers)).await;

    let mut picture = RgbaImage::filled(SIDE, SIDE, [255; 4]);
    for (x, y) in (0..SIDE * SIDE).map(|i| (i % SIDE, i / SIDE)) {
        if is_dark(x, y) {
            picture.set(x, y, [0x33, 0x33, 0x33, 255]);
        }
    }
    let Preprocessed::Garment { image, .. } = preprocess(&picture) else {
        panic!("trousers")
    };
    let card = std::fs::read(root("models/pocket.json")).unwrap();
    let card: Card = serde_json::from_slice(&card).unwrap();
    let drawings = card.drawings.unwrap();
    let file = std::fs::read(root("models").join(&drawings.weights.file)).unwrap();
    let file = model_file(file).unwrap();
    let mut engine = Engine::from_bytes(&file, Arithmetic::Quantized, 1).unwrap();
    let answer = predictions(
        &engine.logits_of_many(&[normalize(&image)]),
        drawings.temperature,
    )[0];
    let percent = (answer.confidence() * 100.0).round();
    let expected = format!("{}, {percent} % sure", answer.label().name());
    session.wait(&expected, &says(&expected)).await;

    session.script(&give("")).await;
    session.wait("blank", &says("Blank.")).await;
    let broken = "const data = new DataTransfer(); data.items.add(new File(['x'], 'a.png', { type: 'image/png' })); \
                  const input = document.querySelector('input'); input.files = data.files; input.dispatchEvent(new Event('change'))";
    session.script(broken).await;
    session
        .wait(
            "a broken file",
            "return document.querySelector('output').value.startsWith('No picture')",
        )
        .await;
    // Several images at once get what each gets alone, and half an image is refused.
    let batch = "return import('./engine.js').then(async engine => { await engine.default(); \
                 const file = await (await fetch('models/pocket.thrd')).arrayBuffer(); \
                 const network = engine.Engine.fromBytes(new Uint8Array(file)); \
                 const images = Uint8Array.from({ length: 2 * 784 }, (_, i) => i * 7 % 256); \
                 const alone = [0, 1].flatMap(n => [...network.predict(images.slice(784 * n, 784 * (n + 1)))]); \
                 let refusal = ''; try { network.predictBatch(images.slice(1)) } catch (error) { refusal = error.message } \
                 return `${alone.join() === network.predictBatch(images).join()} ${alone.length} ${refusal}` })";
    assert_eq!(
        session.script(batch).await,
        "true 20 1567 pixels, expected 784 for each image"
    );
    // So is a temperature that divides by nothing.
    let refusals = "return import('./engine.js').then(async engine => { await engine.default(); \
                    return [0, -1, NaN, Infinity].map(temperature => { \
                      try { engine.Engine.fromBytes(new Uint8Array(3), temperature) } \
                      catch (error) { return error.message.includes('expected a finite number above 0') } }) })";
    let refused = serde_json::json!([true, true, true, true]);
    assert_eq!(session.script(refusals).await, refused);
    // What is no network is refused with what is wrong.
    let refusal = "return import('./engine.js').then(async engine => { await engine.default(); \
                   try { engine.Engine.fromBytes(new Uint8Array(3)) } catch (error) { return error.message } })";
    let refusal = session.script(refusal).await;
    assert!(
        refusal
            .as_str()
            .is_some_and(|text| text.contains("safetensors")),
        "{refusal}"
    );
    let lines = "return Promise.all(['example.html', 'example.js'].map(async file => (await (await fetch(file)).text()).split('\\n').length - 1))";
    let lines = session.script(lines).await;
    let count: u64 = lines
        .as_array()
        .unwrap()
        .iter()
        .filter_map(serde_json::Value::as_u64)
        .sum();
    assert!((20..=40).contains(&count), "{lines}");
    session.close().await;
}
