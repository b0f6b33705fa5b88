//! A witness in Markdown and as a picture says what it says as text, and nothing in it is taken for markup.

use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Outcome, Witness, note};
use tokio::sync::Notify;

/// A lost wakeup, by actors whose names are full of markup.
fn witness() -> Witness {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        let notify = Rc::new(Notify::new());
        let waiter = Rc::clone(&notify);
        actors.spawn("<b>waiter</b> & co", async move {
            note("\"a|b\" ]]>\u{1b} *c*");
            waiter.notified().await;
        });
        actors.spawn("notifier", async move { notify.notify_waiters() });
        || 0
    });
    findings.witness(|outcome| *outcome == Outcome::Deadlock).expect("a lost wakeup")
}

#[test]
fn a_table_in_markdown_has_a_column_for_each_actor_and_nothing_else_that_is_markup() {
    let witness = witness();
    let line = |number: usize| {
        let place = witness.events[number].place.as_ref().expect("tests have debug information");
        format!("tests/trust/pictures.rs:{}", place.line)
    };
    let expected = format!(
        "| # | &lt;b>waiter&lt;/b> &amp; co | notifier | where |\n\
         | --- | --- | --- | --- |\n\
         | 1 |  | **runs to its end** |  |\n\
         | 2 | notes: \"a\\|b\" \\]\\]>\u{1b} \\*c\\* |  | {} |\n\
         | 3 | **awaits tokio::sync::Notify::notified** |  | {} |\n\
         \n\
         - deadlock: &lt;b>waiter&lt;/b> &amp; co has awaited `tokio::sync::Notify::notified` at \
         pictures.rs:{} since #<!-- -->3; nobody is left to wake it: notifier had ended before (#<!-- -->1)\n\
         \n\
         **Outcome:** deadlock: &lt;b>waiter&lt;/b> &amp; co never finishes\n",
        line(1),
        line(2),
        line(2).rsplit(':').next().expect("a line"),
    );
    assert_eq!(witness.markdown(), expected);
}

/// The names of the elements of a document, which must nest.
fn elements(svg: &str) -> Vec<&str> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    for tag in svg.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("every tag is closed");
        assert!(!text.contains('>') || text.starts_with("svg{"), "{text}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{svg}");
        } else {
            let name = tag.split(' ').next().unwrap_or_default();
            all.push(name);
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{svg}");
    all
}

#[test]
fn a_picture_is_a_document_of_its_own_that_escapes_what_it_quotes() {
    let svg = witness().svg();
    let elements = elements(&svg);
    let count = |name: &str| elements.iter().filter(|&&it| it == name).count();
    // Two lanes and a switch; the paper and three rows.
    assert_eq!((elements[0], count("svg"), count("path"), count("rect")), ("svg", 1, 3, 4));
    assert!(svg.contains("&lt;b&gt;waiter&lt;/b&gt; &amp; co"), "{svg}");
    assert!(svg.contains("notes: &quot;a|b&quot; ]]&gt;\u{fffd} *c*"), "{svg}");
    assert!(svg.contains("prefers-color-scheme:dark"), "{svg}");
    assert_eq!(svg.matches("http").count(), 1, "nothing but the name of its language: {svg}");
    assert!(!svg.contains("href") && !svg.contains("url("), "{svg}");
}

#[test]
fn a_picture_says_what_the_text_says() {
    let witness = witness();
    let (svg, text) = (witness.svg(), witness.to_string());
    for part in ["awaits tokio::sync::Notify::notified", "runs to its end", "nobody is"] {
        assert!(svg.contains(part) && text.contains(part), "{part}: {svg}");
    }
    assert!(svg.contains(">outcome  deadlock: "), "{svg}");
    assert_eq!(svg.matches("class=\"box marked\"").count(), 2, "{svg}");
}
