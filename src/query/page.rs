//! Windows and pages.

use serde::Serialize;

/// The largest `pageSize`.
pub const MAX_PAGE_SIZE: u32 = 1000;
const DEFAULT_PAGE_SIZE: u32 = 50;

/// Which of the matches are wanted, counted from the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many matches to leave out first.
    pub offset: u64,
    /// How many to return at most.
    pub limit: u64,
}

impl Default for Window {
    /// The newest 50.
    fn default() -> Self {
        Self { offset: 0, limit: 50 }
    }
}

/// Which page is wanted. A `cursor` excludes a `page`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Counted from 1; 1 if missing.
    pub page: Option<u64>,
    /// 1 to [`MAX_PAGE_SIZE`]; 50 if missing, or what the cursor's page had.
    pub page_size: Option<u32>,
    /// From a page already read.
    pub cursor: Option<String>,
}

impl PageRequest {
    /// Returns the page size, where there is no cursor to know another one.
    #[must_use]
    pub fn page_size_or_default(&self) -> u32 {
        self.page_size.unwrap_or(DEFAULT_PAGE_SIZE)
    }
}

/// One page of results.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Counted from 1.
    pub page: u64,
    /// How many items a full page has.
    pub page_size: u32,
    /// How many there are on all pages together; exact, from the same snapshot as `items`.
    pub total_count: u64,
    /// How many pages that makes.
    pub total_pages: u64,
    /// Whether there is a next page.
    pub has_next: bool,
    /// Whether there is a page before this one.
    pub has_prev: bool,
    /// Reads the next page in the same snapshot; `None` if there is none.
    pub next_cursor: Option<String>,
    /// Reads the page before in the same snapshot; `None` if there is none.
    pub prev_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page without cursors.
    #[must_use]
    pub fn new(items: Vec<T>, page: u64, page_size: u32, total_count: u64) -> Self {
        let total_pages = total_count.div_ceil(u64::from(page_size.max(1)));
        Self {
            items,
            page,
            page_size,
            total_count,
            total_pages,
            has_next: page < total_pages,
            has_prev: page > 1,
            next_cursor: None,
            prev_cursor: None,
        }
    }

    /// Takes one page out of a list that is at hand as a whole.
    #[must_use]
    pub fn of_list(list: Vec<T>, request: &PageRequest) -> Self {
        let (page, page_size) = (request.page.unwrap_or(1), request.page_size_or_default());
        let total_count = list.len() as u64;
        let skip = usize::try_from((page - 1).saturating_mul(u64::from(page_size))).unwrap_or(usize::MAX);
        let items = list.into_iter().skip(skip).take(page_size as usize).collect();
        Self::new(items, page, page_size, total_count)
    }
}
