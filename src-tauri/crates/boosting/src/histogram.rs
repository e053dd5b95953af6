//! Sums of gradients by bin, in whole numbers: the order of adding changes nothing, and so neither
//! does the number of threads.

/// The rows that the 24 bits of a cell can count.
pub(crate) const MOST_ROWS: usize = (1 << 24) - 1;
/// The bits of the sum of second derivatives, the rest of a cell's second word.
pub(crate) const HESSIAN_BITS: u32 = 40;
const COUNT_BITS: u32 = 24;

/// A row as a tree being grown sees it: where its bins are, and its derivatives in whole units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Row {
    pub(crate) row: u32,
    pub(crate) gradient: i32,
    pub(crate) hessian: u32,
}

/// A bin's sums in 16 bytes, four to a cache line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cell {
    gradient: i64,
    /// The sum of second derivatives above, the count of rows in the lower 24 bits.
    packed: u64,
}

/// A cell's sums apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    pub(crate) gradient: i64,
    pub(crate) hessian: u64,
    pub(crate) rows: u64,
}

impl Cell {
    pub(crate) fn is_empty(self) -> bool {
        self.packed == 0
    }

    pub(crate) fn sums(self) -> Sums {
        Sums {
            gradient: self.gradient,
            hessian: self.packed >> COUNT_BITS,
            rows: self.packed & MOST_ROWS as u64,
        }
    }
}

impl Sums {
    pub(crate) fn of(rows: &[Row]) -> Self {
        let mut sums = Self::default();
        for row in rows {
            sums.gradient += i64::from(row.gradient);
            sums.hessian += u64::from(row.hessian);
            sums.rows += 1;
        }
        sums
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient + other.gradient,
            hessian: self.hessian + other.hessian,
            rows: self.rows + other.rows,
        }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            rows: self.rows - other.rows,
        }
    }
}

/// A column that a tree may ask about, and where its cells begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) column: u32,
    offset: u32,
    pub(crate) bins: u32,
}

/// Where the cells of each column lie.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) slots: Vec<Slot>,
    /// Those of the slots, side by side.
    offsets: Vec<u32>,
    cells: usize,
}

impl Layout {
    /// A place for each of `columns`, given as its number and its bins.
    pub(crate) fn of(columns: impl Iterator<Item = (u32, usize)>) -> Self {
        let mut slots = Vec::new();
        let mut offset = 0;
        for (column, bins) in columns {
            slots.push(Slot {
                column,
                offset,
                bins: bins as u32,
            });
            // One cell more keeps columns of 256 bins from meeting in the same lines of the cache.
            offset += bins as u32 + 1;
        }
        Self {
            offsets: slots.iter().map(|slot| slot.offset).collect(),
            slots,
            cells: offset as usize,
        }
    }

    pub(crate) fn empty(&self) -> Vec<Cell> {
        vec![Cell::default(); self.cells]
    }

    /// The cells of a column.
    pub(crate) fn cells<'a>(&self, slot: Slot, histogram: &'a [Cell]) -> &'a [Cell] {
        let first = slot.offset as usize;
        histogram
            .get(first..first + slot.bins as usize)
            .unwrap_or(&[])
    }

    /// Adds `rows` to a histogram. `bins` has `width` of them a row, one row after the other.
    pub(crate) fn add(&self, histogram: &mut [Cell], rows: &[Row], bins: &[u8], width: usize) {
        for row in rows {
            let first = row.row as usize * width;
            let line = &bins[first..first + width];
            let gradient = i64::from(row.gradient);
            let packed = (u64::from(row.hessian) << COUNT_BITS) | 1;
            let mut count = |offset: u32, bin: u8| {
                let cell = &mut histogram[offset as usize + usize::from(bin)];
                cell.gradient += gradient;
                cell.packed += packed;
            };
            if self.slots.len() == width {
                // All columns are seen, and stand in their order.
                for (&offset, &bin) in self.offsets.iter().zip(line) {
                    count(offset, bin);
                }
            } else {
                for slot in &self.slots {
                    count(slot.offset, line[slot.column as usize]);
                }
            }
        }
    }
}

/// Adds the sums of one histogram to another of the same layout.
pub(crate) fn merge(into: &mut [Cell], from: &[Cell]) {
    for (into, from) in into.iter_mut().zip(from) {
        into.gradient += from.gradient;
        into.packed += from.packed;
    }
}

/// Takes the sums of a child from those of its parent: what is left is the other child.
pub(crate) fn subtract(parent: &mut [Cell], child: &[Cell]) {
    for (parent, child) in parent.iter_mut().zip(child) {
        parent.gradient -= child.gradient;
        parent.packed -= child.packed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_sums_stay_apart() {
        let most = ((1_u64 << HESSIAN_BITS) - 1) / MOST_ROWS as u64;
        let cell = Cell {
            gradient: -1,
            packed: ((most * MOST_ROWS as u64) << COUNT_BITS) | MOST_ROWS as u64,
        };
        let sums = Sums {
            gradient: -1,
            hessian: most * MOST_ROWS as u64,
            rows: MOST_ROWS as u64,
        };
        assert_eq!(cell.sums(), sums);
    }

    #[test]
    fn a_sibling_is_what_is_left() {
        let layout = Layout::of([(0, 3), (1, 2)].into_iter());
        let bins = [0, 1, 2, 0, 1, 1, 2, 1];
        let row = |row, gradient| Row {
            row,
            gradient,
            hessian: row + 1,
        };
        let rows = [row(0, 5), row(1, -7), row(2, 1), row(3, 2)];
        let of = |rows: &[Row]| {
            let mut histogram = layout.empty();
            layout.add(&mut histogram, rows, &bins, 2);
            histogram
        };
        let mut rest = of(&rows);
        subtract(&mut rest, &of(&rows[..2]));
        assert_eq!(rest, of(&rows[2..]));
        merge(&mut rest, &of(&rows[..2]));
        assert_eq!(rest, of(&rows));
        let column = layout.cells(layout.slots[1], &rest);
        assert_eq!(column[1].sums(), Sums::of(&[rows[0], rows[2], rows[3]]));
    }
}
