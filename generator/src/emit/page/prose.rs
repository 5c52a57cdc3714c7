//! Documentation from declarations as HTML. HTML in it is escaped, and its links lead only to web pages.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

/// The text as HTML; `None` without text.
pub(super) fn html(text: Option<&str>) -> String {
    let Some(text) = text else { return String::new() };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let is_of_the_web = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    // Whether each open link was kept.
    let mut kept = Vec::new();
    let events = Parser::new_ext(text, options).filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let keep = is_of_the_web(dest_url);
            kept.push(keep);
            keep.then_some(event)
        }
        Event::End(TagEnd::Link) => kept.pop().unwrap_or_default().then_some(event),
        event => Some(event),
    });
    let mut html = String::new();
    push_html(&mut html, events);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_html_and_links_lead_to_the_web() {
        assert_eq!(html(Some("a *b* `<c>`")), "<p>a <em>b</em> <code>&lt;c&gt;</code></p>\n");
        assert_eq!(html(Some("<script>alert(1)</script>")), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
        assert_eq!(html(Some("[a](javascript:x) ![b](https://c)")), "<p>a b</p>\n");
        assert_eq!(html(Some("[a](https://b.c)")), "<p><a href=\"https://b.c\">a</a></p>\n");
        assert_eq!(html(None), "");
    }
}
