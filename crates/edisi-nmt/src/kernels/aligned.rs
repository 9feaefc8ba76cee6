//! Buffers that begin at a cache line, so that no full-width load straddles two.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// One cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Line(pub [i8; 64]);

/// Plain numbers, for which every bit pattern is a value.
pub(crate) trait Plain: Copy + Default + private::Sealed {}
impl Plain for f32 {}
impl Plain for u8 {}
impl Plain for i8 {}
impl Plain for i32 {}

mod private {
    pub(crate) trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for u8 {}
    impl Sealed for i8 {}
    impl Sealed for i32 {}
}

/// A slice of numbers on whole cache lines, which keeps its memory when it is resized.
#[derive(Clone)]
pub(crate) struct Buffer<T: Plain> {
    lines: Vec<Line>,
    len: usize,
    of: PhantomData<T>,
}

impl<T: Plain> Buffer<T> {
    /// An empty buffer, which allocates nothing.
    pub const fn new() -> Buffer<T> {
        Buffer { lines: Vec::new(), len: 0, of: PhantomData }
    }

    /// `len` zeros.
    pub fn zeroed(len: usize) -> Buffer<T> {
        let mut buffer = Buffer::new();
        buffer.resize(len);
        buffer
    }

    /// The numbers of a slice.
    pub fn from_slice(values: &[T]) -> Buffer<T> {
        let mut buffer = Buffer::zeroed(values.len());
        buffer.copy_from_slice(values);
        buffer
    }

    /// Makes room for `len` numbers: what was there stays as it was, what is new is zero or left over.
    pub fn resize(&mut self, len: usize) {
        let lines = (len * size_of::<T>()).div_ceil(64);
        if lines > self.lines.len() {
            self.lines.resize(lines, Line([0; 64]));
        }
        self.len = len;
    }
}

impl<T: Plain> Default for Buffer<T> {
    fn default() -> Buffer<T> {
        Buffer::new()
    }
}

impl<T: Plain> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: `resize` made the lines hold at least `len` values; any bits are a `T` (`Plain` is sealed), lines
        // are initialised, and their alignment of 64 is a multiple of `T`'s.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.len) }
    }
}

impl<T: Plain> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`; the borrow is unique because `self` is.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_aligned_and_keeps_its_numbers() {
        let mut buffer = Buffer::from_slice(&[1.5f32, -2.0, 3.0]);
        assert_eq!(buffer.as_ptr() as usize % 64, 0);
        buffer.resize(100);
        assert_eq!(buffer[..3], [1.5, -2.0, 3.0]);
        assert_eq!(buffer.len(), 100);
        buffer.resize(2);
        assert_eq!(*buffer, [1.5, -2.0]);
        assert!(Buffer::<u8>::new().is_empty());
    }
}
