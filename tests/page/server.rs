//! What stands in for the page's server: it sends the files of `dist/`, or what a test puts in the place of one.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Files that are served in another form than they are built.
pub type Replacements = HashMap<&'static str, Reply>;

/// What the server does instead of sending a file.
#[derive(Clone)]
pub enum Reply {
    /// It says "not found".
    Missing,
    /// It sends these bytes.
    Bytes(Vec<u8>),
    /// It sends half of the file, then nothing, and leaves the connection open.
    Hangs,
    /// It sends half of the file and closes the connection.
    Breaks,
    /// It closes the connection without an answer.
    Refuses,
}

/// In place of a file: all of them.
pub const EVERYTHING: &str = "*";

/// Serve `dist/` on a free port for as long as the tests run; returns the address.
///
/// One thread and one answer a connection. A pool of threads over connections that stay open has left requests
/// unread for good: `tiny_http` 0.12 queues a connection for an idle thread that another one has just taken.
pub fn serve(replacements: Arc<Mutex<Replacements>>) -> String {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
    assert!(
        dist.join("index.html").is_file(),
        "build the page first: scripts/build"
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let dist = Arc::new(dist);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (dist, replacements) = (Arc::clone(&dist), Arc::clone(&replacements));
            // The browser may have gone; nobody is left to tell.
            std::thread::spawn(move || answer(&stream, &dist, &replacements).ok());
        }
    });
    address
}

/// Read a GET request and send the file that it names.
fn answer(
    mut stream: &TcpStream,
    dist: &Path,
    replacements: &Mutex<Replacements>,
) -> Result<(), std::io::Error> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    // All headers have to be read before the connection is closed.
    lines
        .take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
        .for_each(drop);
    let path = request.split_whitespace().nth(1).unwrap_or("/");
    let path = path
        .split('?')
        .next()
        .unwrap_or("/")
        .trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let reply = {
        let replacements = replacements.lock().unwrap();
        let reply = replacements.get(EVERYTHING).or(replacements.get(path));
        reply.cloned()
    };
    let file = || std::fs::read(dist.join(path)).ok();
    let content = match &reply {
        Some(Reply::Refuses) => return Ok(()),
        Some(Reply::Missing) => None,
        Some(Reply::Bytes(bytes)) => Some(bytes.clone()),
        None | Some(Reply::Hangs | Reply::Breaks) => file(),
    };
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let status = if content.is_some() {
        "200 OK"
    } else {
        "404 Not Found"
    };
    let content = content.unwrap_or_default();
    let length = content.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    )?;
    match reply {
        Some(Reply::Hangs) => {
            stream.write_all(&content[..length / 2])?;
            // Until the browser gives up or the test ends.
            let _ = stream.read(&mut [0]);
            Ok(())
        }
        Some(Reply::Breaks) => stream.write_all(&content[..length / 2]),
        _ => stream.write_all(&content),
    }
}
