//! Order by a number, such as a time.

use std::collections::BinaryHeap;

/// Returns the indexes of some keys from the smallest key to the largest; equal keys keep their order.
///
/// A heap sorts in a quarter of the code that `sort` takes.
pub fn ascending_order(keys: impl Iterator<Item = i64>) -> Vec<u32> {
    let keys: Vec<(i64, u32)> = keys.zip(0..).collect();
    let order = if keys.is_sorted() { keys } else { BinaryHeap::from(keys).into_sorted_vec() };
    order.into_iter().map(|(_, index)| index).collect()
}

/// Puts a list in the order of its keys, the smallest first; equal keys keep their order.
pub fn in_ascending_order<T>(list: Vec<T>, key: impl Fn(&T) -> i64) -> Vec<T> {
    let order = ascending_order(list.iter().map(key));
    let mut list: Vec<Option<T>> = list.into_iter().map(Some).collect();
    order.into_iter().filter_map(|index| list.get_mut(index as usize).and_then(Option::take)).collect()
}

/// Puts a list in the order of its keys, the largest first; equal keys keep their order.
pub fn in_descending_order<T>(list: Vec<T>, key: impl Fn(&T) -> i64) -> Vec<T> {
    in_ascending_order(list, |item| key(item).saturating_neg())
}
