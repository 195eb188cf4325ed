//! A built page, served, in a real headless Chromium, driven by `WebDriver`.

use crate::server::{Replacements, Reply, serve};
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, ErrorKind};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use threadcount::catalog;
use threadcount::engine::Arithmetic;

/// How long a test waits for the page before it fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the page comes from.
enum Place<'a> {
    /// Our server, with what follows its address.
    Served(&'a str),
    /// Our server, some of whose files never end.
    Hanging,
    /// A file.
    Disk(&'a Path),
}

/// A browser with the page open.
pub struct Session {
    pub client: Client,
    pub address: String,
    /// That of the driver.
    pub port: u16,
    replacements: Arc<Mutex<Replacements>>,
    driver: Child,
    /// What driver and browser keep on disk; removed with the session.
    folder: PathBuf,
}

impl Session {
    /// Open the built page in a window of the given size, without its service worker: what goes wrong with a file would
    /// not show when that has kept it.
    pub async fn open(width: u32, height: u32, mut replacements: Replacements) -> Self {
        let worker = replacements.entry("service-worker.js");
        worker.or_insert(Reply::Missing);
        Self::visit(width, height, replacements, Place::Served("")).await
    }

    /// The same, but one file never ends; the page is waited for without it.
    pub async fn hanging(file: &'static str) -> Self {
        let hang = [("service-worker.js", Reply::Missing), (file, Reply::Hangs)];
        Self::visit(1280, 900, hang.into(), Place::Hanging).await
    }

    /// The same on a phone's screen, with three device pixels for a pixel each way.
    pub async fn phone(replacements: Replacements) -> Self {
        let mut replacements = replacements;
        let worker = replacements.entry("service-worker.js");
        worker.or_insert(Reply::Missing);
        let screen = json!({ "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 3.0 } });
        let options = json!({ "mobileEmulation": screen });
        Self::visit_with(options, 390, 844, replacements, Place::Served("")).await
    }

    /// Open an empty page, beside the built one, for a frame.
    pub async fn blank(width: u32, height: u32) -> Self {
        let page = Reply::Bytes(b"<!doctype html><title>A frame</title><body>".to_vec());
        let replacements = [("service-worker.js", Reply::Missing), ("blank.html", page)];
        Self::visit(
            width,
            height,
            replacements.into(),
            Place::Served("blank.html"),
        )
        .await
    }

    /// Open the built page with its service worker; the query is `?embed` or empty.
    pub async fn with_service_worker(query: &str) -> Self {
        Self::visit(1280, 900, Replacements::new(), Place::Served(query)).await
    }

    /// Open the example for other pages.
    pub async fn example() -> Self {
        Self::visit(
            1280,
            900,
            Replacements::new(),
            Place::Served("example.html"),
        )
        .await
    }

    /// Open a file from disk.
    pub async fn from_disk(file: &Path) -> Self {
        Self::visit(1280, 900, Replacements::new(), Place::Disk(file)).await
    }

    async fn visit(width: u32, height: u32, replacements: Replacements, place: Place<'_>) -> Self {
        Self::visit_with(json!({}), width, height, replacements, place).await
    }

    /// Open a page, with more options for chromedriver.
    async fn visit_with(
        mut options: Value,
        width: u32,
        height: u32,
        replacements: Replacements,
        place: Place<'_>,
    ) -> Self {
        let replacements = Arc::new(Mutex::new(replacements));
        let waits_for = match place {
            Place::Hanging => "eager",
            Place::Served(_) | Place::Disk(_) => "normal",
        };
        let address = match place {
            Place::Served(query) => serve(Arc::clone(&replacements)) + query,
            Place::Hanging => serve(Arc::clone(&replacements)),
            Place::Disk(file) => format!("file://{}", file.display()),
        };
        let folder = temporary_folder();
        let (driver, port) = start_driver(&folder);
        options["args"] = json!([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // Pages of the browser's own address bar, which take a second of the processor at every start.
            "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
            format!("--window-size={width},{height}"),
        ]);
        let Value::Object(options) =
            json!({ "pageLoadStrategy": waits_for, "goog:chromeOptions": options })
        else {
            unreachable!("an object")
        };
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(options)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser starts");
        client.goto(&address).await.unwrap();
        Self {
            client,
            address,
            port,
            replacements,
            driver,
            folder,
        }
    }

    /// Send a file in another form from now on.
    pub fn replace(&self, file: &'static str, reply: Reply) {
        self.replacements.lock().unwrap().insert(file, reply);
    }

    /// Send a file as it was built from now on.
    pub fn repair(&self, file: &str) {
        self.replacements.lock().unwrap().remove(file);
    }

    /// The same, every model is ready, and the cloth is blank.
    pub async fn ready() -> Self {
        let session = Self::open(1280, 900, Replacements::new()).await;
        session.rests().await;
        session
    }

    /// Wait until every model is ready, and clear the cloth.
    pub async fn rests(&self) {
        self.loaded().await;
        self.click("#clear").await;
        let blank = "return document.body.dataset.verdict === 'blank'";
        self.wait("a blank cloth", blank).await;
    }

    /// Wait until every model is ready.
    pub async fn loaded(&self) {
        self.wait("every model", "return document.querySelectorAll('[data-model]').length > 0 && document.querySelectorAll('[data-model]:not([data-state=ready])').length === 0").await;
        self.wait("the page", "return document.body.dataset.state === 'ready'")
            .await;
        let laid_out =
            "return !document.querySelector('main > section:not(#draw, #squeeze, .laid-out)')";
        self.wait("every section", laid_out).await;
    }

    /// Open the page anew with a fragment.
    pub async fn open_link(&self, fragment: &str) {
        self.client.goto("about:blank").await.unwrap();
        let address = format!("{}#{fragment}", self.address);
        self.client.goto(&address).await.unwrap();
        self.loaded().await;
    }

    /// Class and confidence of every network of the first screen.
    pub async fn answers(&self) -> Vec<(String, f64)> {
        let mut answers = Vec::new();
        for name in catalog::networks().filter(|name| catalog::is_in_book(name)) {
            let confidence = self.model(name, "confidence").await.parse().unwrap();
            answers.push((self.model(name, "prediction").await, confidence));
        }
        answers
    }

    /// The text of an element.
    pub async fn text_of(&self, id: &str) -> String {
        text(
            &self
                .script(&format!("return document.getElementById('{id}').innerText"))
                .await,
        )
    }

    /// Run a script and return its value.
    pub async fn script(&self, script: &str) -> Value {
        self.client
            .execute(script, vec![])
            .await
            .unwrap_or_else(|e| panic!("{script}: {e}"))
    }

    /// Wait until a script returns true.
    pub async fn wait(&self, what: &str, script: &str) {
        let start = Instant::now();
        while self.script(script).await != Value::Bool(true) {
            if start.elapsed() > PATIENCE {
                let body = self.script("return JSON.stringify(document.body.dataset) + document.getElementById('message-text').innerText").await;
                panic!("waited in vain for {what}: {body}");
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// An attribute of the body.
    pub async fn body(&self, name: &str) -> String {
        text(
            &self
                .script(&format!("return document.body.getAttribute('data-{name}')"))
                .await,
        )
    }

    /// An attribute of a model's panel.
    pub async fn model(&self, model: &str, name: &str) -> String {
        let script = format!(
            "return document.querySelector('[data-model={model}]').getAttribute('data-{name}') || ''"
        );
        text(&self.script(&script).await)
    }

    /// What a model's wide layers are computed in here, as its details say: it depends on the processor.
    pub async fn arithmetic(&self, model: &str) -> Arithmetic {
        let script = format!(
            "return document.querySelector('#details-{model} [data-part=arithmetic]').textContent"
        );
        if text(&self.script(&script).await).contains("layers in integers") {
            Arithmetic::Quantized
        } else {
            Arithmetic::Float
        }
    }

    /// Wait until both models answer an input newer than `than`, and return its number.
    pub async fn answered(&self, than: u64) -> u64 {
        self.wait(
            "answers",
            &format!(
                "const newest = Number(document.body.dataset.input); return newest > {than} && [...document.querySelectorAll('[data-model]')].every(e => Number(e.dataset.input) === newest)"
            ),
        )
        .await;
        self.input().await
    }

    /// The number of the current input.
    pub async fn input(&self) -> u64 {
        self.body("input").await.parse().unwrap()
    }

    /// Wait until the page shows a message that contains `part`.
    pub async fn message(&self, part: &str) {
        let script = format!(
            "return document.getElementById('message-text').innerText.includes({})",
            json!(part)
        );
        self.wait(part, &script).await;
    }

    /// Wait until the verdict's second line contains `part`.
    pub async fn note(&self, part: &str) {
        let script = format!(
            "return document.getElementById('verdict-note').textContent.includes({})",
            json!(part)
        );
        self.wait(part, &script).await;
    }

    /// Press the mouse, go through points given as shares of the canvas, release.
    pub async fn draw(&self, points: &[(f64, f64)]) {
        let canvas = self.client.find(Locator::Id("drawing")).await.unwrap();
        let (_, _, width, height) = canvas.rectangle().await.unwrap();
        let mut actions = MouseActions::new("mouse".into());
        for (i, (x, y)) in points.iter().enumerate() {
            // Offsets are from the element's middle.
            actions = actions.then(PointerAction::MoveToElement {
                element: canvas.clone(),
                duration: Some(Duration::from_millis(20)),
                x: (x - 0.5) * width,
                y: (y - 0.5) * height,
            });
            if i == 0 {
                actions = actions.then(PointerAction::Down {
                    button: MOUSE_BUTTON_LEFT,
                });
            }
        }
        actions = actions.then(PointerAction::Up {
            button: MOUSE_BUTTON_LEFT,
        });
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Send a pointer's event to a point given as shares of the canvas, with its main button down; `pointerup` lets go.
    pub async fn point(&self, event: &str, (x, y): (f64, f64)) {
        let buttons = u8::from(event != "pointerup");
        let script = format!(
            "const canvas = document.getElementById('drawing'), area = canvas.getBoundingClientRect(); \
             canvas.dispatchEvent(new PointerEvent('{event}', {{ bubbles: true, cancelable: true, pointerId: 7, \
             button: 0, buttons: {buttons}, clientX: area.left + {x} * area.width, clientY: area.top + {y} * area.height }}))"
        );
        self.script(&script).await;
    }

    /// Give a file of `tests/pictures/` to the upload button.
    pub async fn upload(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
        let path = folder.join(name);
        let input = self.client.find(Locator::Id("upload")).await.unwrap();
        input.send_keys(path.to_str().unwrap()).await.unwrap();
    }

    /// Whether there is a drawing that can be undone.
    pub async fn can_undo(&self) -> bool {
        let undo = self.client.find(Locator::Id("undo")).await.unwrap();
        undo.is_enabled().await.unwrap()
    }

    /// Click an element.
    pub async fn click(&self, selector: &str) {
        self.client
            .find(Locator::Css(selector))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    }

    /// End the browser.
    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Session {
    /// End driver and browser, also when a test failed.
    fn drop(&mut self) {
        // They may have ended by themselves.
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
        // A process of the browser's may still be writing as it ends.
        for _ in 0..50 {
            match std::fs::remove_dir_all(&self.folder) {
                Err(e) if e.kind() != ErrorKind::NotFound => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                _ => break,
            }
        }
    }
}

/// An empty folder that no other session has.
fn temporary_folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("threadcount-page-{}-{count}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("expected text, got {value}"))
        .to_owned()
}

/// Start a chromedriver that keeps its files in `folder`; return it with the port that it chose.
fn start_driver(folder: &Path) -> (Child, u16) {
    // Two that start at once may choose the same port, and then one of them ends.
    static START: Mutex<()> = Mutex::new(());
    let _guard = START.lock().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..5 {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", folder)
            .stdout(Stdio::piped())
            // A group of its own, so that the browser can be ended with the driver.
            .process_group(0)
            .spawn()
            .expect("chromedriver starts; scripts/install browser installs it");
        if let Some(port) = port_of(&mut driver) {
            return (driver, port);
        }
        // It has ended by itself, which is why it gave no port.
        let _ = driver.wait();
    }
    panic!("chromedriver found no free port in five tries");
}

/// The port that chromedriver chose, from what it prints; `None` when it ends without one.
fn port_of(driver: &mut Child) -> Option<u16> {
    let output = BufReader::new(driver.stdout.take()?);
    let mut lines = output.lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line
            .strip_suffix('.')?
            .rsplit_once("started successfully on port ")?;
        port.parse().ok()
    })?;
    // Keep reading, so that it can keep writing.
    std::thread::spawn(move || lines.for_each(drop));
    Some(port)
}
