//! The page as a flat arena of nodes.
//!
//! `html5ever` builds the tree by the HTML standard; this sink keeps it in one vector, so that dropping it
//! and walking it never recurses. Two guards stand between tokenizer and tree builder, because the standard
//! lets a small page ask for quadratic work: elements nested deeper than [`MAX_DEPTH`] are flattened into
//! their parent, and after [`MAX_NODES`] nodes nothing more is read.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::collections::HashMap;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{Attribute, LocalName, Namespace, QualName, TokenizerResult, local_name};

/// Elements nested deeper than this are flattened. Browsers stop at 512 as well.
const MAX_DEPTH: u32 = 512;
/// Once the tree has this many nodes the rest of the page is not read.
pub(crate) const MAX_NODES: usize = 2_000_000;

/// Index of a node in its [`Dom`].
pub(crate) type NodeId = u32;

/// No node.
const NIL: NodeId = NodeId::MAX;

/// What a node is.
#[derive(Debug)]
pub(crate) enum Data {
    /// The root, a comment, a doctype: nothing with text or attributes.
    Other,
    Element(QualName, Vec<Attribute>),
    Text(StrTendril),
}

#[derive(Debug)]
struct Node {
    parent: NodeId,
    prev: NodeId,
    next: NodeId,
    first: NodeId,
    last: NodeId,
    /// Distance from the root when it was put into the tree.
    depth: u32,
    data: Data,
}

/// A parsed page.
#[derive(Debug)]
pub(crate) struct Dom {
    nodes: Vec<Node>,
    /// What the tree builder is told when it asks for the name of something that has none.
    nameless: QualName,
}

impl Dom {
    /// Parses a page. Never fails: the HTML standard gives every input a tree.
    pub(crate) fn parse(html: &str) -> Dom {
        let sink = Sink::default();
        let guard =
            Guard { builder: TreeBuilder::new(sink, Default::default()), skipped: RefCell::default() };
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

    /// The root: parent of `<html>`.
    pub(crate) const ROOT: NodeId = 0;

    /// How many nodes there are, attached or not.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the page went on beyond [`MAX_NODES`].
    pub(crate) fn is_cut(&self) -> bool {
        self.nodes.len() >= MAX_NODES
    }

    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].parent)
    }

    pub(crate) fn next(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].next)
    }

    pub(crate) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].first)
    }

    /// The children in order.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(id), move |&c| self.next(c))
    }

    /// `id` and its ancestors, nearest first.
    pub(crate) fn lineage(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(id), move |&c| self.parent(c))
    }

    /// `id` and everything below it, in document order.
    pub(crate) fn subtree(&self, id: NodeId) -> Subtree<'_> {
        Subtree { dom: self, root: id, next: Some(id) }
    }

    /// The text of a text node.
    pub(crate) fn text(&self, id: NodeId) -> Option<&str> {
        match &self.nodes[id as usize].data {
            Data::Text(t) => Some(t),
            _ => None,
        }
    }

    /// The local name of an element.
    pub(crate) fn name(&self, id: NodeId) -> Option<&LocalName> {
        match &self.nodes[id as usize].data {
            Data::Element(name, _) => Some(&name.local),
            _ => None,
        }
    }

    /// Whether `id` is an element of this name.
    pub(crate) fn is(&self, id: NodeId, name: &LocalName) -> bool {
        self.name(id) == Some(name)
    }

    /// The attributes of an element; none for other nodes.
    pub(crate) fn attrs(&self, id: NodeId) -> &[Attribute] {
        match &self.nodes[id as usize].data {
            Data::Element(_, attrs) => attrs,
            _ => &[],
        }
    }

    /// One attribute, by lower-case name.
    pub(crate) fn attr(&self, id: NodeId, name: &str) -> Option<&str> {
        self.attrs(id).iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
    }

    /// All text below a node, as written.
    pub(crate) fn raw_text(&self, id: NodeId) -> String {
        let mut out = String::new();
        for n in self.subtree(id) {
            if let Some(t) = self.text(n) {
                out.push_str(t);
            }
        }
        out
    }

    /// All text below a node, white space collapsed and trimmed.
    pub(crate) fn clean_text(&self, id: NodeId) -> String {
        super::inline::collapse(&self.raw_text(id))
    }

    fn detach(&mut self, id: NodeId) {
        let Node { parent, prev, next, .. } = self.nodes[id as usize];
        if let Some(p) = some(prev) {
            self.nodes[p as usize].next = next;
        } else if let Some(p) = some(parent) {
            self.nodes[p as usize].first = next;
        }
        if let Some(n) = some(next) {
            self.nodes[n as usize].prev = prev;
        } else if let Some(p) = some(parent) {
            self.nodes[p as usize].last = prev;
        }
        let node = &mut self.nodes[id as usize];
        (node.parent, node.prev, node.next) = (NIL, NIL, NIL);
    }

    fn push(&mut self, data: Data) -> NodeId {
        let node = Node { parent: NIL, prev: NIL, next: NIL, first: NIL, last: NIL, depth: 0, data };
        self.nodes.push(node);
        (self.nodes.len() - 1) as NodeId
    }

    /// Puts `child` before `before`, or last when that is [`NIL`].
    fn insert(&mut self, parent: NodeId, before: NodeId, child: NodeId) {
        self.detach(child);
        let prev = match some(before) {
            Some(b) => self.nodes[b as usize].prev,
            None => self.nodes[parent as usize].last,
        };
        let depth = self.nodes[parent as usize].depth + 1;
        let node = &mut self.nodes[child as usize];
        (node.parent, node.prev, node.next, node.depth) = (parent, prev, before, depth);
        match some(prev) {
            Some(p) => self.nodes[p as usize].next = child,
            None => self.nodes[parent as usize].first = child,
        }
        match some(before) {
            Some(b) => self.nodes[b as usize].prev = child,
            None => self.nodes[parent as usize].last = child,
        }
    }

    /// Inserts text, merging it with a text node just before the place.
    fn insert_text(&mut self, parent: NodeId, before: NodeId, text: StrTendril) {
        let prev = match some(before) {
            Some(b) => self.nodes[b as usize].prev,
            None => self.nodes[parent as usize].last,
        };
        if let Some(p) = some(prev)
            && let Data::Text(t) = &mut self.nodes[p as usize].data
        {
            t.push_tendril(&text);
            return;
        }
        let child = self.push(Data::Text(text));
        self.insert(parent, before, child);
    }
}

fn some(id: NodeId) -> Option<NodeId> {
    (id != NIL).then_some(id)
}

/// Walks a subtree in document order without recursion.
pub(crate) struct Subtree<'a> {
    dom: &'a Dom,
    root: NodeId,
    next: Option<NodeId>,
}

impl Subtree<'_> {
    /// Leaves out what is below the node that came last.
    pub(crate) fn skip_children(&mut self, of: NodeId) {
        self.next = self.after(of);
    }

    fn after(&self, mut id: NodeId) -> Option<NodeId> {
        while id != self.root {
            if let Some(n) = self.dom.next(id) {
                return Some(n);
            }
            id = self.dom.parent(id)?;
        }
        None
    }
}

impl Iterator for Subtree<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let id = self.next?;
        self.next = self.dom.first_child(id).or_else(|| self.after(id));
        Some(id)
    }
}

/// Receives the tree from `html5ever`.
struct Sink {
    dom: RefCell<Dom>,
    /// Depth of what was put into the tree last.
    depth: Cell<u32>,
}

impl Default for Sink {
    fn default() -> Sink {
        let nameless = QualName::new(None, html5ever::ns!(), local_name!(""));
        let mut dom = Dom { nodes: Vec::new(), nameless };
        dom.push(Data::Other);
        Sink { dom: RefCell::new(dom), depth: Cell::new(0) }
    }
}

impl Sink {
    fn put(&self, parent: NodeId, before: NodeId, child: NodeOrText<NodeId>) {
        let mut dom = self.dom.borrow_mut();
        match child {
            NodeOrText::AppendNode(c) => dom.insert(parent, before, c),
            NodeOrText::AppendText(t) => dom.insert_text(parent, before, t),
        }
        self.depth.set(dom.nodes[parent as usize].depth + 1);
    }
}

/// The name of an element, borrowed from the arena.
struct Name<'a>(Ref<'a, QualName>);

impl std::fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.local.fmt(f)
    }
}

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
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
        Name(Ref::map(self.dom.borrow(), |d| match &d.nodes[*target as usize].data {
            Data::Element(name, _) => name,
            _ => &d.nameless,
        }))
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
        let mut dom = self.dom.borrow_mut();
        if let Data::Element(_, attrs) = &mut dom.nodes[*target as usize].data {
            for attr in new {
                if !attrs.iter().any(|a| a.name == attr.name) {
                    attrs.push(attr);
                }
            }
        }
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
