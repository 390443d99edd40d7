//! How the persons of a batch of replicates lie in rows, and how rows map to addresses of draws.

use crate::streams::{Lane, Person, Purpose, Streams};
use std::ops::Range;

/// Most rows that are worked on at a time, so that buffers stay in the nearest cache.
pub const CHUNK: usize = 4096;

/// Persons of one group in every replicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupRows {
    /// Number of persons.
    pub size: usize,
    /// Hash of the group's name, part of the address of every draw.
    pub stratum: u32,
}

/// Neighbouring persons of one group in one replicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Rows of the batch.
    pub rows: Range<usize>,
    /// Index within the group of the first person.
    pub first: u32,
    /// Code of the group.
    pub group: u8,
    /// Hash of the group's name.
    pub stratum: u32,
    /// Number of the replicate.
    pub replicate: u64,
}

/// Rows that are worked on together: whole segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Rows of the batch.
    pub rows: Range<usize>,
    /// Positions of its segments.
    pub segments: Range<usize>,
}

/// The rows of a batch: replicate after replicate, in each group after group.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    segments: Vec<Segment>,
    chunks: Vec<Chunk>,
    rows: usize,
}

impl Layout {
    /// The rows of these groups in these replicates.
    #[must_use]
    pub fn new(groups: &[GroupRows], replicates: Range<u64>) -> Self {
        let mut layout = Self::default();
        for replicate in replicates {
            for (code, group) in groups.iter().enumerate() {
                layout.add_persons(0..group.size, group.stratum, code as u8, replicate);
            }
        }
        layout.cut_into_chunks();
        layout
    }

    /// The rows of some persons of one replicate, counted through all groups.
    #[must_use]
    pub fn part(groups: &[GroupRows], replicate: u64, persons: Range<usize>) -> Self {
        let mut layout = Self::default();
        let mut before = 0;
        for (code, group) in groups.iter().enumerate() {
            let start = persons.start.clamp(before, before + group.size) - before;
            let end = persons.end.clamp(before, before + group.size) - before;
            layout.add_persons(start..end, group.stratum, code as u8, replicate);
            before += group.size;
        }
        layout.cut_into_chunks();
        layout
    }

    /// All rows of the batch.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// All segments, in the order of the rows.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// All chunks, in the order of the rows.
    #[must_use]
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The segments of a chunk.
    #[must_use]
    pub fn segments_of(&self, chunk: &Chunk) -> &[Segment] {
        &self.segments[chunk.segments.clone()]
    }

    /// The addresses of all rows.
    #[must_use]
    pub fn people(&self) -> Vec<Person> {
        let person = |s: &Segment, index| Person { replicate: s.replicate, stratum: s.stratum, index };
        self.segments.iter().flat_map(|s| s.rows.clone().map(move |row| person(s, s.index(row)))).collect()
    }

    /// The segment that holds a row.
    #[must_use]
    pub fn segment_at(&self, row: usize) -> &Segment {
        let after = self.segments.partition_point(|s| s.rows.start <= row);
        &self.segments[after - 1]
    }

    /// Adds persons of a group; segments end where the index is a multiple of [`CHUNK`].
    fn add_persons(&mut self, persons: Range<usize>, stratum: u32, group: u8, replicate: u64) {
        let mut first = persons.start;
        while first < persons.end {
            let size = (CHUNK - first % CHUNK).min(persons.end - first);
            let rows = self.rows..self.rows + size;
            self.segments.push(Segment { rows, first: first as u32, group, stratum, replicate });
            self.rows += size;
            first += size;
        }
    }

    fn cut_into_chunks(&mut self) {
        let mut start = 0;
        while start < self.segments.len() {
            let first_row = self.segments[start].rows.start;
            let mut end = start + 1;
            while end < self.segments.len() && self.segments[end].rows.end - first_row <= CHUNK {
                end += 1;
            }
            self.chunks.push(Chunk { rows: first_row..self.segments[end - 1].rows.end, segments: start..end });
            start = end;
        }
    }
}

impl Segment {
    /// The address of this segment's draws for a purpose on an occasion.
    #[must_use]
    pub fn lane(&self, purpose: Purpose, occasion: u32) -> Lane {
        Lane { purpose, occasion, replicate: self.replicate, stratum: self.stratum }
    }

    /// Index within the group of the person in a row of the batch.
    #[must_use]
    pub fn index(&self, row: usize) -> u32 {
        self.first + (row - self.rows.start) as u32
    }
}

/// The upper 16 bits of the chance draws of all rows of a chunk.
pub(super) fn fill_chance(streams: &Streams, segments: &[Segment], purpose: Purpose, occasion: u32, out: &mut [u16]) {
    let Some(start) = segments.first().map(|s| s.rows.start) else { return };
    for segment in segments {
        let rows = segment.rows.start - start..segment.rows.end - start;
        streams.fill_chance(&segment.lane(purpose, occasion), segment.first, &mut out[rows]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_studies_share_chunks_and_large_groups_are_cut() {
        let groups = [GroupRows { size: 30, stratum: 1 }, GroupRows { size: 5000, stratum: 2 }];
        let layout = Layout::new(&groups, 3..5);
        assert_eq!(layout.rows(), 2 * 5030);
        let sizes: Vec<_> = layout.segments().iter().map(|s| (s.rows.len(), s.first, s.replicate)).collect();
        assert_eq!(sizes, [(30, 0, 3), (4096, 0, 3), (904, 4096, 3), (30, 0, 4), (4096, 0, 4), (904, 4096, 4)]);
        assert!(layout.chunks().iter().all(|c| c.rows.len() <= CHUNK));
        assert_eq!(layout.segment_at(5030).replicate, 4);
        assert_eq!(layout.segment_at(5029).index(5029), 4999);
        let part = Layout::part(&groups, 4, 20..4200);
        let sizes: Vec<_> = part.segments().iter().map(|s| (s.rows.len(), s.first, s.group)).collect();
        assert_eq!(sizes, [(10, 20, 0), (4096, 0, 1), (74, 4096, 1)]);
    }
}
