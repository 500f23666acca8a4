//! What every backend must do, case by case. The number in a case's name is the clause that it checks, in
//! `tests/conformance/CLAUSES.md`; one file a noun.
//!
//! [`for_each_case`] is the one list of cases. Each runtime makes tests of it: natively on memory, and in
//! browsers on `IndexedDB`, in a window and in a worker. A case that is not listed is a compiler warning.

mod api;
pub mod agents;
pub mod appending;
pub mod cursors;
pub mod damage;
pub mod documents;
pub mod inserting;
pub mod lifecycle;
pub mod live;
pub mod matching;
pub mod projects;
pub mod reading;
pub mod retention;
pub mod time;
pub mod verifying;
mod world;

pub use api::Api;
#[cfg(target_arch = "wasm32")]
pub use api::{entry_with, fails};
pub use world::{TestClock, World};

/// Hands the names of all cases, as `module::name`, to a macro that makes tests of them.
#[macro_export]
macro_rules! for_each_case {
    ($make_tests:ident) => {
        $make_tests! {
            time::c1_1_every_accepted_form_is_the_same_instant,
            time::c1_1_anything_else_is_an_invalid_argument,
            time::c1_2_times_come_back_with_six_digits,
            time::c1_3_times_compare_as_instants,
            time::c1_4_bounds_are_inclusive,
            time::c1_4_a_bare_date_as_end_covers_the_day,
            projects::c2_1_names_are_exact_and_not_empty,
            projects::c2_1_identifiers_are_not_reused,
            projects::c2_2_upsert_creates_and_changes_paths,
            projects::c2_3_projects_are_listed_by_code_point,
            projects::c2_4_deleting_removes_all_that_belongs_to_a_project,
            projects::c2_4_deleting_clears_agents_and_keeps_sessions,
            projects::c2_4_a_project_made_anew_has_nothing_of_the_old_one,
            projects::c2_5_records_are_resolved_by_id_and_names_by_name,
            projects::c2_5_a_project_deleted_meanwhile_is_not_found,
            inserting::c3_1_an_identifier_is_unique_in_the_whole_store,
            inserting::c3_2_every_field_comes_back_as_given,
            inserting::c3_2_metadata_comes_back_deep_equal,
            inserting::c3_3_fields_of_the_wrong_type_are_refused,
            inserting::c3_3_a_read_entry_can_be_inserted_elsewhere,
            inserting::c3_4_a_bad_element_rejects_the_call_and_stores_nothing,
            inserting::c3_4_an_unknown_project_rejects_the_call_and_stores_nothing,
            inserting::c3_4_duplicates_are_counted_and_the_first_wins,
            inserting::c3_4_many_entries_go_in_at_once,
            inserting::c3_6_metrics_equal_a_recount,
            inserting::c3_7_what_was_written_is_there_for_the_next_store,
            inserting::c3_7_what_was_rejected_left_nothing,
            inserting::c3_8_effects_follow_the_order_of_calls,
            inserting::c3_8_a_call_that_fails_does_not_fail_the_others,
            retention::c3_9_the_oldest_entries_go_and_the_rest_is_proved,
            retention::c3_9_a_removed_identifier_is_free_and_its_seq_is_not,
            retention::c3_9_cursors_are_refused_and_an_iteration_goes_on,
            appending::c3_5_the_line_and_its_hash_are_canonical,
            appending::c3_5_status_gives_the_emoji,
            appending::c3_5_what_is_missing_is_filled_in,
            appending::c3_5_an_identifier_already_present_gives_the_entry_that_was_there,
            reading::c4_1_the_newest_comes_first_and_ties_go_by_seq,
            reading::c4_2_limits_and_pages_are_checked,
            reading::c4_3_filters_are_exact_and_unknown_keys_refused,
            reading::c4_4_lists_match_any_and_criteria_hold_together,
            reading::c4_8_totals_are_exact_and_a_page_past_the_end_is_empty,
            reading::c4_9_windows_and_pages_are_disjoint_and_complete,
            reading::c4_11_a_read_sees_what_other_stores_wrote,
            reading::c4_11_an_unknown_project_is_not_found_by_every_read,
            reading::c4_11_a_single_entry_is_found_by_its_identifier,
            reading::c4_12_entries_are_counted_by_time,
            reading::c4_9_an_iteration_gives_every_match_once,
            matching::c4_5_substring_and_exact_fold_case,
            matching::c4_6_patterns_search_anywhere,
            matching::c4_6_bad_patterns_are_refused_with_their_position,
            matching::c4_6_patterns_take_linear_time,
            matching::c4_7_metadata_is_matched_by_type_and_value,
            matching::c4_7_a_path_is_followed_only_if_the_key_is_missing,
            cursors::c4_10_a_walk_stays_in_its_snapshot,
            cursors::c4_10_a_walk_goes_back_as_well,
            cursors::c4_10_a_cursor_holds_in_another_store,
            cursors::c4_10_a_cursor_of_another_query_is_refused,
            cursors::c4_10_page_and_cursor_exclude_each_other,
            documents::c5_1_the_newest_500_changes_are_kept,
            documents::c5_1_changes_are_listed_newest_first,
            documents::c5_2_a_second_card_replaces_all_but_its_creation,
            documents::c5_2_cards_are_listed_by_their_latest_change,
            documents::c5_2_arguments_are_checked,
            agents::c6_1_a_session_is_created_touched_and_revived,
            agents::c6_1_another_agents_session_is_a_conflict,
            agents::c6_2_heartbeat_and_end_tell_whether_the_session_was_active,
            agents::c6_2_idle_sessions_expire,
            agents::c6_3_versions_count_up_and_are_checked,
            agents::c6_3_of_racing_calls_exactly_one_succeeds,
            agents::c6_4_the_project_must_exist_and_a_mismatch_comes_first,
            agents::c6_5_events_tell_what_happened,
            agents::c6_5_events_are_listed_newest_first,
            live::c8_1_every_write_tells_what_it_changed,
            live::c8_1_what_changed_nothing_tells_nothing,
            live::c8_1_calls_that_share_a_transaction_tell_of_each_entry_once,
            live::c8_2_a_log_is_followed_in_the_order_of_seq,
            live::c8_2_following_begins_where_it_is_told_to,
            live::c8_2_following_begins_behind_what_was_called_before,
            live::c8_2_following_sees_what_others_insert,
            live::c8_2_following_ends_with_its_project,
            live::c8_4_the_bytes_of_a_store_are_those_of_its_keys_and_values,
            lifecycle::c7_2_every_call_after_close_is_closed,
            lifecycle::c7_2_close_waits_for_writes_under_way,
            damage::c7_6_a_damaged_entry_is_corrupt_and_the_rest_readable,
            damage::c7_6_a_missing_entry_is_corrupt,
            damage::c7_6_damaged_records_of_every_kind_are_corrupt,
            damage::c7_6_a_damaged_project_can_be_deleted,
            verifying::c7_7_the_head_is_the_hash_of_all_entries,
            verifying::c7_7_a_hash_that_is_not_the_lines_is_named,
        }
    };
}
