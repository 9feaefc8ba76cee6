//! The page as a flat arena of nodes.
//!
//! All nodes stand in one vector, so that dropping a page and walking it never recurses.

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName};

/// Once the tree has this many nodes the rest of the page is not read.
pub(crate) const MAX_NODES: usize = 2_000_000;

/// Index of a node in its [`Dom`].
pub(crate) type NodeId = u32;

/// No node.
pub(super) const NIL: NodeId = NodeId::MAX;

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
}

impl Dom {
    /// A page with nothing but its root.
    pub(super) fn empty() -> Dom {
        let mut dom = Dom { nodes: Vec::new() };
        dom.push(Data::Other);
        dom
    }

    /// Parses a page. Never fails: the HTML standard gives every input a tree.
    pub(crate) fn parse(html: &str) -> Dom {
        super::tree::parse(html)
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

    /// The text below a node that a browser shows, white space collapsed and trimmed.
    pub(crate) fn clean_text(&self, id: NodeId) -> String {
        let mut out = String::new();
        let mut walk = self.subtree(id);
        while let Some(n) = walk.next() {
            if let Some(t) = self.text(n) {
                super::inline::collapse_into(&mut out, t);
            } else if n != id && self.name(n).is_some_and(super::chunk::is_silent) {
                walk.skip_children(n);
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// The qualified name of an element.
    pub(super) fn qualified_name(&self, id: NodeId) -> Option<&QualName> {
        match &self.nodes[id as usize].data {
            Data::Element(name, _) => Some(name),
            _ => None,
        }
    }

    /// Adds the attributes that an element does not have yet.
    pub(super) fn add_attrs(&mut self, id: NodeId, new: Vec<Attribute>) {
        if let Data::Element(_, attrs) = &mut self.nodes[id as usize].data {
            for attr in new {
                if !attrs.iter().any(|a| a.name == attr.name) {
                    attrs.push(attr);
                }
            }
        }
    }

    /// Distance from the root when the node was put into the tree.
    pub(super) fn depth(&self, id: NodeId) -> u32 {
        self.nodes[id as usize].depth
    }

    /// Takes a node out of its parent.
    pub(super) fn detach(&mut self, id: NodeId) {
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

    /// Adds a node that is not in the tree yet.
    pub(super) fn push(&mut self, data: Data) -> NodeId {
        let node = Node { parent: NIL, prev: NIL, next: NIL, first: NIL, last: NIL, depth: 0, data };
        self.nodes.push(node);
        (self.nodes.len() - 1) as NodeId
    }

    /// Puts `child` before `before`, or last when that is [`NIL`].
    pub(super) fn insert(&mut self, parent: NodeId, before: NodeId, child: NodeId) {
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
    pub(super) fn insert_text(&mut self, parent: NodeId, before: NodeId, text: StrTendril) {
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
