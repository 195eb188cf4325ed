//! What goes wrong is told, and nothing is lost: bad files, damaged weights, programs that do not start.

use crate::browser::Session;
use crate::server::{Replacements, Reply};
use crate::{SHIRT, root};
use serde_json::json;
use threadcount::format::{kilobytes, thousands};
use threadcount::report::read_card;

#[tokio::test]
async fn in_the_browser_bad_files_are_named_and_nothing_is_lost() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    session
        .wait("rest", "return document.body.dataset.state === 'ready'")
        .await;
    let before = session.model("lightweight", "prediction").await;
    for (name, part) in [
        ("empty.png", "empty"),
        ("not-a-picture.txt", "not a picture"),
        ("drawing.svg", "Export the picture as PNG"),
        ("huge.png", "12000 x 12000"),
        ("lying-header.png", "damaged"),
        ("truncated.png", "ends too early"),
    ] {
        session.upload(name).await;
        session.message(part).await;
        assert_eq!(
            session.model("lightweight", "prediction").await,
            before,
            "{name}"
        );
        assert!(session.can_undo().await, "{name}");
    }
    session.upload("transparent.png").await;
    session
        .wait("blank", "return document.body.dataset.verdict === 'blank'")
        .await;
    let input = session.input().await;
    session.upload("shirt.png").await;
    session.answered(input).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_damaged_weights_leave_the_other_model_usable() {
    let weights = std::fs::read(root("models/baseline.thrd")).unwrap();
    let mut flipped = weights.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for (replacement, part) in [
        (Reply::Missing, "could not be loaded"),
        (
            Reply::Bytes(weights[..weights.len() / 3].to_vec()),
            "incomplete",
        ),
        (Reply::Bytes(flipped), "sha256"),
    ] {
        let session = Session::open(
            800,
            900,
            Replacements::from([("models/baseline.thrd", replacement)]),
        )
        .await;
        session.note(part).await;
        session
            .wait(
                "the error",
                "return document.querySelector('[data-model=baseline]').dataset.state === 'error'",
            )
            .await;
        session.draw(&SHIRT).await;
        session.wait("lightweight", "return document.querySelector('[data-model=lightweight]').dataset.prediction !== undefined").await;
        session.close().await;
    }
}

#[tokio::test]
async fn in_the_browser_a_worker_that_does_not_start_is_told_and_comes_back_with_the_drawing() {
    for (file, reply) in [
        ("worker-relaxed_loader.js", Reply::Missing),
        ("worker-relaxed_bg.wasm", Reply::Missing),
        (
            "worker-relaxed_bg.wasm",
            Reply::Bytes(b"not a program".to_vec()),
        ),
    ] {
        let session = Session::open(800, 900, Replacements::from([(file, reply)])).await;
        session.message("stopped").await;
        assert_eq!(session.body("state").await, "error");
        session.draw(&SHIRT).await;
        assert!(session.can_undo().await);
        // A stroke does not hide what still holds, and the drawing is not called blank.
        session.message("stopped").await;
        let verdict = "return document.getElementById('verdict').innerText.startsWith('Blank')";
        assert_eq!(session.script(verdict).await, json!(false), "{file}");
        session.repair(file);
        session.click("#message-retry").await;
        session.answered(0).await;
        let hidden = "return document.getElementById('message').hidden";
        assert_eq!(session.script(hidden).await, json!(true), "{file}");
        session.close().await;
    }
}

#[tokio::test]
async fn in_the_browser_a_page_whose_own_program_is_missing_or_damaged_says_so() {
    for reply in [Reply::Missing, Reply::Bytes(b"not a program".to_vec())] {
        for file in ["page.js", "page_bg.wasm"] {
            let replacements = Replacements::from([(file, reply.clone())]);
            let session = Session::open(800, 900, replacements).await;
            session.message("could not be started").await;
            assert_eq!(session.body("state").await, "error");
            comes_after_retry(&session, file).await;
            session.close().await;
        }
    }
}

/// The page works once its file is mended and "Retry" is pressed.
async fn comes_after_retry(session: &Session, file: &str) {
    session.repair(file);
    session.click("#message-retry").await;
    session.rests().await;
    let hidden =
        "return ['message', 'message-retry'].every(id => document.getElementById(id).hidden)";
    assert_eq!(session.script(hidden).await, json!(true), "{file}");
}

#[tokio::test]
async fn in_the_browser_a_page_whose_own_program_never_ends_loading_offers_to_try_again() {
    for file in ["page.js", "page_bg.wasm"] {
        let session = Session::hanging(file).await;
        session.message("has not arrived yet").await;
        comes_after_retry(&session, file).await;
        session.close().await;
    }
}

#[tokio::test]
async fn in_the_browser_a_worker_that_meets_a_fault_is_started_once_more_and_then_on_request() {
    let loader = "worker-relaxed_loader.js";
    let program = std::fs::read_to_string(root("dist").join(loader)).unwrap();
    // Once it is armed, the next request is its last; the one that is started after it is not armed.
    let fragile = format!(
        "const channel = new BroadcastChannel('faults'); let armed = false;\n\
         channel.onmessage = ({{ data }}) => {{ if (data === 'arm') {{ armed = true; channel.postMessage('armed'); }} }};\n\
         addEventListener('message', (event) => {{\n\
         if (armed) {{ event.stopImmediatePropagation(); throw new Error('lost'); }} }});\n{program}"
    );
    let replacements = Replacements::from([(loader, Reply::Bytes(fragile.into_bytes()))]);
    let session = Session::open(1280, 900, replacements).await;
    session.rests().await;
    session
        .script(
            "globalThis.channel = new BroadcastChannel('faults'); globalThis.armed = 0; \
             channel.onmessage = () => armed++",
        )
        .await;
    let arm = async |times: u32| {
        session.script("channel.postMessage('arm')").await;
        let armed = format!("return armed === {times}");
        session.wait("an armed worker", &armed).await;
    };
    arm(1).await;
    session.draw(&SHIRT).await;
    let input = session.answered(0).await;
    let hidden = "return document.getElementById('message').hidden";
    assert_eq!(session.script(hidden).await, json!(true));
    arm(2).await;
    session.click("[data-sample='Shirt']").await;
    session.message("stopped (Uncaught Error: lost)").await;
    assert_eq!(session.body("state").await, "error");
    session.click("#message-retry").await;
    session.answered(input).await;
    session.wait("no message", hidden).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_burn_can_be_chosen_as_soon_as_it_is_built() {
    let state = |state: &str| Reply::Bytes(format!(r#"{{"state":"{state}"}}"#).into_bytes());
    let file = "reference.json";
    let session = Session::open(1280, 900, Replacements::from([(file, state("building"))])).await;
    let says = |text: &str, disabled: bool| {
        format!(
            "const burn = document.getElementById('engine-burn'); \
             return burn.text === '{text}' && burn.disabled === {disabled}"
        )
    };
    let building = says("Burn is being built", true);
    session.wait("the state of Burn", &building).await;
    session.replace(file, state("ready"));
    let ready = says("Burn, the reference", false);
    session.wait("Burn", &ready).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_message_moves_nothing_and_a_lost_release_ends_the_stroke() {
    let session = Session::ready().await;
    let place = "const area = document.getElementById('drawing').getBoundingClientRect(); return [area.left, area.top]";
    let before = session.script(place).await;
    session.upload("empty.png").await;
    session.message("empty").await;
    assert_eq!(session.script(place).await, before);
    let pointer = |kind: &str, at: u32, buttons: u32| {
        format!(
            "{{ const canvas = document.getElementById('drawing'); const area = canvas.getBoundingClientRect();\
             canvas.dispatchEvent(new PointerEvent('{kind}', {{ pointerId: 9, button: 0, buttons: {buttons},\
             clientX: area.left + {at}, clientY: area.top + {at}, bubbles: true }})); }}"
        )
    };
    let input = session.input().await;
    let moves = [
        ("pointerdown", 50, 1),
        ("pointermove", 60, 1),
        ("pointermove", 200, 0),
        ("pointermove", 210, 1),
    ];
    for (kind, at, buttons) in moves {
        session.script(&pointer(kind, at, buttons)).await;
    }
    // The press and one move; what came after the lost release drew nothing.
    assert_eq!(session.input().await, input + 2);
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_stroke_keeps_its_course_though_the_cloth_moves_below_it() {
    let session = Session::ready().await;
    let stroke = |between: &str| {
        format!(
            "const canvas = document.getElementById('drawing');             document.getElementById('clear').click();             const area = canvas.getBoundingClientRect();             const point = (kind, at, buttons) => canvas.dispatchEvent(new PointerEvent(kind, {{ pointerId: 9, button: 0, buttons,             clientX: area.left + at, clientY: area.top + at, bubbles: true }}));             point('pointerdown', 50, 1); point('pointermove', 90, 1); {between};             point('pointermove', 130, 1); point('pointerup', 130, 0);             const drawn = canvas.toDataURL(); document.body.style.paddingTop = ''; return drawn"
        )
    };
    let before = session.script(&stroke("")).await;
    let moved = session
        .script(&stroke("document.body.style.paddingTop = '178px'"))
        .await;
    assert_eq!(before, moved);
    let bent = session.script(&stroke("area.y += 178")).await;
    assert_ne!(before, bent, "a kink would show");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_file_is_answered_though_other_things_are_asked_for_at_once() {
    let session = Session::ready().await;
    let mut input = 0;
    let evaluate = "document.getElementById('evaluate').click()";
    let burn = "const choice = document.getElementById('engine'); choice.value = 'burn'; \
                choice.dispatchEvent(new Event('change'))";
    for disturb in [
        "document.getElementById('benchmark').click()",
        evaluate,
        burn,
    ] {
        session.upload("shirt.png").await;
        session.script(disturb).await;
        input = session.answered(input).await;
    }
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_model_whose_file_hangs_holds_up_no_other_and_arrives_on_request() {
    let file = "models/pocket.thrd";
    let replacements = Replacements::from([(file, Reply::Hangs)]);
    let session = Session::open(1280, 900, replacements).await;
    let others =
        "return document.querySelectorAll('[data-model]:not([data-state=ready])').length === 1";
    session.wait("the others", others).await;
    let retry = "return !document.querySelector('[data-model=pocket] [data-part=retry]').hidden";
    session.wait("the stall", retry).await;
    session.draw(&SHIRT).await;
    let answered = "return document.querySelector('[data-model=compact]').dataset.input === document.body.dataset.input";
    session.wait("an answer", answered).await;
    session.repair(file);
    // By a script: at this moment the page may be asking for it again by itself, without the button.
    let press = "document.querySelector('[data-model=pocket] [data-part=retry]').click()";
    session.script(press).await;
    session.answered(0).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_missing_decoder_is_told_and_drawing_goes_on() {
    let session = Session::open(
        1280,
        900,
        Replacements::from([("decoder_loader.js", Reply::Missing)]),
    )
    .await;
    session
        .wait("the page", "return document.body.dataset.state === 'ready'")
        .await;
    session.upload("shirt.png").await;
    session.message("choose the file again").await;
    let input = session.input().await;
    session.draw(&SHIRT).await;
    session.answered(input).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_decoder_that_never_ends_loading_is_told_and_started_anew_on_request() {
    let file = "decoder_bg.wasm";
    let replacements = Replacements::from([(file, Reply::Hangs)]);
    let session = Session::open(1280, 900, replacements).await;
    session.rests().await;
    let input = session.input().await;
    session.upload("shirt.png").await;
    session.message("has not answered yet").await;
    assert_eq!(session.body("state").await, "busy");
    session.repair(file);
    session.click("#message-retry").await;
    session.answered(input).await;
    let hidden = "return document.getElementById('message').hidden";
    session.wait("no message", hidden).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_missing_network_keeps_its_figures_and_is_told_of_once() {
    let missing = Replacements::from([("models/baseline.thrd", Reply::Missing)]);
    let session = Session::open(1280, 900, missing).await;
    session.note("baseline did not arrive: ").await;
    let card = read_card(&root("models"), "baseline").unwrap();
    let facts = "return document.querySelector('[data-model=baseline] .facts').innerText";
    let facts = session.script(facts).await;
    for figure in [
        kilobytes(card.weights.size_bytes),
        format!("{} parameters", thousands(card.parameters)),
    ] {
        assert!(facts.as_str().unwrap().contains(&figure), "{facts}");
    }
    let once = "return [document.getElementById('message').hidden, [...document.querySelectorAll('button')] \
                .filter(button => button.checkVisibility() && ['Retry', 'Try again'].includes(button.innerText)).length]";
    assert_eq!(session.script(once).await, json!([true, 1]));
    // The lines above what the networks see do not reach it.
    let apart = "const [note, seen] = ['verdict-note', 'seen'].map(id => document.getElementById(id).getBoundingClientRect()); \
                 return note.bottom <= seen.top";
    assert_eq!(session.script(apart).await, json!(true));
    session.draw(&SHIRT).await;
    session.repair("models/baseline.thrd");
    session
        .click("[data-model=baseline] [data-part=retry]")
        .await;
    session.answered(0).await;
    session.close().await;
}
