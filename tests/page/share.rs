//! "Save picture" on the built page: a PNG of the size that a shared link shows, with what the page says at that moment.

use crate::SHIRT;
use crate::browser::Session;
use serde_json::json;

/// Take what the page would give to the visitor, and look at it: its type, its size, and the share of its pixels in a
/// part of it that are not of the page's color. A network's zeros are holes of that color, so of its cloth, squares of
/// 10 px, about two threads wide, are counted.
const TAKE: &str = "
    window.picture = null;
    const create = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      createImageBitmap(blob).then((bitmap) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const page = context.getImageData(1, 1, 1, 1).data;
        const inked = (x, y, width, height) => {
          const { data } = context.getImageData(x, y, width, height);
          let different = 0;
          for (let i = 0; i < data.length; i += 4) different += [0, 1, 2].some((j) => Math.abs(data[i + j] - page[j]) > 24);
          return different / (width * height);
        };
        const covered = (x, y, side, square) => {
          let found = 0;
          for (let i = 0; i < side; i += square) for (let j = 0; j < side; j += square) found += inked(x + i, y + j, square, square) > 0;
          return found / (side / square) ** 2;
        };
        window.picture = {
          type: blob.type, size: [bitmap.width, bitmap.height], cloth: inked(48, 139, 318, 318), swatch: covered(434, 143, 310, 10),
          answer: inked(420, 470, 338, 40), words: inked(803, 120, 358, 60), last: inked(1043, 470, 108, 120),
        };
      });
      return create.call(URL, blob);
    };
    document.getElementById('save-picture').click();
";

#[tokio::test]
async fn in_the_browser_a_picture_of_the_answers_is_saved() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    session.script(TAKE).await;
    session
        .wait("a picture", "return window.picture !== null")
        .await;
    let picture = session.script("return window.picture").await;
    assert_eq!(picture["type"], json!("image/png"));
    assert_eq!(picture["size"], json!([1200, 630]));
    let share = |part: &str| picture[part].as_f64().unwrap();
    // Cloth covers all of its place; words cover some of theirs.
    assert!(share("cloth") > 0.95 && share("swatch") > 0.95, "{picture}");
    for part in ["answer", "words", "last"] {
        assert!((0.02..0.6).contains(&share(part)), "{part}: {picture}");
    }
    session.close().await;
}
