//! From a page's text to its tree.
//!
//! `html5ever` builds the tree by the HTML standard. Two guards stand between its tokenizer and its tree
//! builder, because the standard lets a small page ask for quadratic work: elements nested deeper than
//! [`MAX_DEPTH`] are flattened into their parent, and after [`MAX_NODES`] nodes nothing more is read.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::collections::HashMap;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, Namespace, QualName, TokenizerResult, local_name};

#[cfg(doc)]
use super::dom::MAX_NODES;
use super::dom::{Data, Dom, NIL, NodeId};

/// Elements nested deeper than this are flattened. Browsers stop at 512 as well.
const MAX_DEPTH: u32 = 512;

/// Parses a page.
pub(super) fn parse(html: &str) -> Dom {
    let sink = Sink::default();
    // Without scripts, as the page is read here, the contents of `<noscript>` are elements.
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let guard = Guard { builder: TreeBuilder::new(sink, options), skipped: RefCell::default() };
    let tokenizer = Tokenizer::new(guard, Default::default());
    let input = BufferQueue::default();
    // A tendril holds at most 4 GiB; pieces keep the tokenizer's copies small, too.
    let mut rest = html;
    while !rest.is_empty() {
        let mut cut = rest.len().min(1 << 20);
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        input.push_back(StrTendril::from_slice(&rest[..cut]));
        rest = &rest[cut..];
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    }
    tokenizer.end();
    tokenizer.sink.builder.sink.finish()
}

/// Receives the tree from `html5ever`.
struct Sink {
    dom: RefCell<Dom>,
    /// Depth of what was put into the tree last.
    depth: Cell<u32>,
    /// What the tree builder is told when it asks for the name of something that has none.
    nameless: QualName,
}

impl Default for Sink {
    fn default() -> Sink {
        let nameless = QualName::new(None, html5ever::ns!(), local_name!(""));
        Sink { dom: RefCell::new(Dom::empty()), depth: Cell::new(0), nameless }
    }
}

impl Sink {
    fn put(&self, parent: NodeId, before: NodeId, child: NodeOrText<NodeId>) {
        let mut dom = self.dom.borrow_mut();
        match child {
            NodeOrText::AppendNode(c) => dom.insert(parent, before, c),
            NodeOrText::AppendText(t) => dom.insert_text(parent, before, t),
        }
        self.depth.set(dom.depth(parent) + 1);
    }
}

/// The name of an element, borrowed from the arena.
enum Name<'a> {
    In(Ref<'a, QualName>),
    Of(&'a QualName),
}

impl Name<'_> {
    fn get(&self) -> &QualName {
        match self {
            Name::In(name) => name,
            Name::Of(name) => name,
        }
    }
}

impl std::fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().local.fmt(f)
    }
}

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.get().ns
    }

    fn local_name(&self) -> &LocalName {
        &self.get().local
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Dom;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Dom {
        self.dom.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        Dom::ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Name<'a> {
        let named = Ref::filter_map(self.dom.borrow(), |d| d.qualified_name(*target));
        named.map_or(Name::Of(&self.nameless), Name::In)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> NodeId {
        self.dom.borrow_mut().push(Data::Element(name, attrs))
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.dom.borrow_mut().push(Data::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.dom.borrow_mut().push(Data::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.put(*parent, NIL, child);
    }

    fn append_based_on_parent_node(&self, element: &NodeId, prev: &NodeId, child: NodeOrText<NodeId>) {
        let has_parent = self.dom.borrow().parent(*element).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// A template's contents stay below the template itself: they are never shown, so nobody reads them.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let parent = self.dom.borrow().parent(*sibling);
        if let Some(parent) = parent {
            self.put(parent, *sibling, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, new: Vec<Attribute>) {
        self.dom.borrow_mut().add_attrs(*target, new);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.dom.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut dom = self.dom.borrow_mut();
        while let Some(c) = dom.first_child(*node) {
            dom.insert(*new_parent, NIL, c);
        }
    }
}

/// Keeps runaway nesting and runaway growth away from the tree builder.
struct Guard {
    builder: TreeBuilder<NodeId, Sink>,
    /// How many start tags of each name were left out, whose end tags must be left out as well.
    skipped: RefCell<HashMap<LocalName, u32>>,
}

impl Guard {
    /// Whether a tag is to be left out.
    fn drops(&self, tag: &Tag) -> bool {
        let mut skipped = self.skipped.borrow_mut();
        match tag.kind {
            TagKind::StartTag => {
                let sink = &self.builder.sink;
                let full = sink.depth.get() >= MAX_DEPTH;
                // Elements of raw text switch the tokenizer's state and close themselves.
                let raw = matches!(
                    tag.name,
                    local_name!("script")
                        | local_name!("style")
                        | local_name!("title")
                        | local_name!("textarea")
                );
                if full && !raw {
                    *skipped.entry(tag.name.clone()).or_default() += 1;
                }
                full && !raw
            }
            TagKind::EndTag => match skipped.get_mut(&tag.name) {
                Some(n) if *n > 0 => {
                    *n -= 1;
                    true
                }
                _ => false,
            },
        }
    }
}

impl TokenSink for Guard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        match &token {
            _ if self.builder.sink.dom.borrow().is_cut() => TokenSinkResult::Continue,
            Token::TagToken(tag) if self.drops(tag) => TokenSinkResult::Continue,
            Token::CommentToken(_) | Token::ParseError(_) => TokenSinkResult::Continue,
            _ => self.builder.process_token(token, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
