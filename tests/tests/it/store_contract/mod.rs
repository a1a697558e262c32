//! What the store promises, on both engines alike.
//!
//! On SQLite every promise is a test of its own. On PostgreSQL one test walks through all of
//! them, each in a database of its own, so that one server is started.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, what goes wrong shall fail it"
)]

mod admin;
mod audit;
mod closing;
mod config;
mod configuration;
mod delivery;
mod domains;
mod ended;
mod idempotency;
mod limits;
mod log;
mod mail;
mod notifications;
mod owners;
mod people;
mod plans;
mod refresh_tokens;
mod retention;
mod second_factors;
mod statistics;
mod tail;
pub(crate) mod world;

use std::pin::Pin;

use relay_tests::postgres::Postgres;
use world::World;

macro_rules! contract {
    ($($room:ident::$promise:ident),+ $(,)?) => {
        mod on_sqlite { $(
            #[tokio::test]
            async fn $promise() {
                super::$room::$promise(super::World::on_sqlite().await).await;
            }
        )+ }

        #[tokio::test]
        async fn postgres_keeps_every_promise() {
            let postgres = Postgres::start().unwrap();
            $(
                let name = stringify!($promise);
                println!("{name}");
                let url = postgres.create_database(name).unwrap();
                on_heap($room::$promise, World::on_postgres(url).await).await;
            )+
        }
    };
}

/// Each is made in a frame of its own and kept on the heap: together they are larger than a stack.
#[inline(never)]
fn on_heap<F: Future<Output = ()>>(promise: impl FnOnce(World) -> F, world: World) -> Pin<Box<F>> {
    Box::pin(promise(world))
}

contract! {
    tail::many_writers_are_followed_without_a_gap_or_a_repeat,
    tail::what_is_committed_late_is_not_overtaken,
    tail::a_place_outlives_what_stood_there,
    tail::the_log_is_told_by_its_filters,
    tail::the_log_begins_where_it_is_asked_to,
    refresh_tokens::a_refresh_token_is_kept_and_changes_hands_once,
    refresh_tokens::a_sign_in_is_for_one_application_at_one_endpoint,
    delivery::a_sender_that_waits_is_released_with_its_mail,
    delivery::mail_moves_to_another_route_but_for_what_stays,
    delivery::each_of_two_routes_has_a_day_of_its_own,
    delivery::every_relay_user_and_system_gets_its_share,
    delivery::a_settlement_that_holds_leaves_the_rest_to_a_person,
    delivery::unknown_replies_are_counted_in_bounded_room,
    statistics::counters_agree_with_the_log_to_the_last_mail,
    statistics::recipient_domains_are_bounded_and_lose_nothing,
    statistics::a_busy_hour_keeps_its_histogram_short,
    retention::finished_mail_goes_by_age_and_waiting_mail_never,
    retention::many_messages_go_in_pieces,
    retention::counters_and_refusals_go_by_age,
    retention::a_chain_that_was_cut_by_age_is_in_order_and_tells_of_it,
    idempotency::one_of_many_that_ask_at_once_gets_the_key,
    idempotency::a_reply_is_kept_for_a_day_and_a_restart,
    idempotency::a_request_cut_off_by_a_restart_may_be_done_again,
    audit::entries_of_writers_at_once_stand_in_one_line,
    audit::an_entry_is_written_with_its_change_or_not_at_all,
    audit::an_altered_entry_is_named,
    audit::a_removed_entry_is_named,
    audit::an_entry_slipped_in_before_the_beginning_is_named,
    audit::a_beginning_cut_off_by_hand_is_named,
    audit::what_cannot_be_read_is_damage,
    audit::a_page_is_bounded_by_its_length_too,
    audit::a_chain_cut_off_with_its_end_is_shown_by_a_hash_noted_earlier,
    mail::an_accepted_message_is_due_with_its_envelope_and_body,
    mail::a_delivered_message_leaves_usage_and_history_but_no_body,
    mail::a_deferred_message_is_due_later_with_the_recipients_that_are_left,
    mail::two_settlements_of_one_message_in_a_batch_both_count,
    mail::a_failure_brings_its_bounce_once_and_uses_up_no_limit,
    mail::a_delay_is_told_once_and_a_relay_when_it_happens,
    mail::a_long_body_comes_in_pieces_and_goes_when_discarded,
    mail::a_flood_is_accepted_once_each,
    mail::an_entry_that_cannot_be_stored_does_not_harm_the_others,
    mail::the_rate_holds_across_batches_and_restarts,
    mail::the_quota_of_a_day_counts_messages_and_recipients,
    mail::a_restart_resumes_where_it_stood,
    mail::pieces_without_a_message_are_swept_and_no_others,
    mail::refusals_are_listed_and_counted,
    mail::a_message_that_cannot_be_read_is_held_and_the_others_go_on,
    mail::each_route_tells_when_it_is_due_first,
    people::a_cancelled_message_stays_cancelled_unless_it_was_delivered,
    people::a_cancelled_message_is_not_told_of_as_failed,
    people::a_held_message_stays_held_through_a_settlement,
    people::a_person_acts_only_on_what_is_in_the_queue,
    people::what_left_before_a_cancellation_is_told,
    people::many_messages_are_acted_on_at_once_and_told_apart,
    people::cancellation_and_settlement_at_once_agree_with_each_other,
    admin::accounts_page_by_name_and_keep_their_version,
    plans::plans_keep_their_version_and_are_told_to_whom_they_concern,
    plans::a_plan_stays_large_enough_for_those_who_have_it,
    plans::a_plan_does_not_shrink_while_relay_users_are_created,
    plans::a_plan_that_was_ever_had_is_not_deleted,
    plans::deleted_plans_stay_deleted_over_a_restart,
    plans::subscriptions_have_a_history,
    plans::a_relay_user_has_several_passwords_by_name,
    plans::of_credentials_added_at_once_no_more_than_allowed_stay,
    plans::of_equal_passwords_added_at_once_one_stays,
    plans::the_last_use_of_a_password_is_kept_and_moves_nothing_else,
    admin::relay_users_stop_at_the_cap_and_names_are_taken_once,
    admin::systems_that_sign_in_by_address_do_not_overlap,
    admin::tokens_are_found_by_their_hash,
    ended::what_comes_after_the_end_is_refused_and_leaves_nothing,
    ended::what_comes_with_the_end_leaves_nothing_either,
    domains::domains_stop_at_the_cap_and_are_an_accounts_own,
    domains::a_look_at_a_domain_is_kept_and_overwrites_no_other,
    domains::domains_are_due_in_turn_and_those_of_closed_accounts_never,
    domains::a_sign_in_knows_the_proven_domains_unless_the_proof_is_waived,
    closing::an_account_closes_in_two_steps_that_can_be_repeated,
    closing::what_is_wiped_is_overwritten_in_the_file,
    closing::who_had_a_cancelled_message_already_is_told,
    closing::versions_of_a_route_are_kept_with_their_secrets,
    closing::a_registration_with_its_route_is_whole_or_nothing_and_swept,
    closing::an_export_reads_along_its_keys,
    owners::tokens_of_accounts_are_named_apart,
    notifications::a_notification_is_written_with_its_change_or_not_at_all,
    notifications::webhooks_stop_at_the_cap,
    notifications::a_cause_is_told_once_and_passed_on_once,
    notifications::a_hold_that_changes_nothing_is_not_told,
    notifications::a_webhook_keeps_its_secret_and_its_version,
    notifications::deliveries_wait_their_turn_and_end_with_their_webhook,
    notifications::users_near_their_quota_are_found,
    notifications::tokens_that_end_are_found,
    owners::an_invitation_is_listed_and_taken_back,
    owners::a_registration_is_whole_or_nothing,
    owners::an_e_mail_means_the_account_that_can_be_signed_in_to,
    owners::another_password_ends_the_sessions,
    owners::sessions_are_listed_while_they_go_on_and_end_for_their_account,
    owners::a_code_is_used_up_once,
    owners::a_code_is_void_after_five_tries,
    owners::codes_go_with_password_and_e_mail,
    owners::an_e_mail_of_any_letters_is_found_as_it_was_given,
    owners::sessions_of_an_account_are_bounded,
    second_factors::one_that_is_enabled_gives_no_way_to_another,
    second_factors::the_code_of_a_step_is_taken_once_by_one,
    second_factors::recovery_codes_are_taken_once_each_and_replaced_together,
    owners::what_nobody_confirmed_is_swept,
    owners::one_registration_that_cannot_go_stops_no_other,
    owners::data_of_an_account_are_not_overwritten,
    admin::bans_are_kept_one_for_each_network,
    admin::the_log_is_searched_and_a_message_traced,
    admin::mail_is_found_whose_id_is_of_before_a_clock_was_put_back,
    admin::refusals_are_found_and_summed,
    admin::statistics_add_up,
    admin::lanes_show_depth_and_hold,
    limits::overrides_come_back_with_a_sign_in_and_go_with_their_subject,
    limits::every_scope_is_counted_and_a_refusal_counts_nowhere,
    limits::a_limit_that_is_set_counts_what_was_sent_today,
    limits::an_address_stands_for_one_system,
    limits::an_address_is_not_taken_from_a_device_with_a_password,
    limits::of_overlapping_registrations_at_once_one_wins,
    configuration::a_configuration_is_written_as_a_whole_with_an_entry_each,
    configuration::of_a_configuration_that_cannot_be_nothing_is_written,
    configuration::systems_may_swap_their_addresses,
    config::three_plans_are_built_in,
    config::a_route_comes_back_with_its_password_opened,
    config::routes_of_every_kind_come_back_beside_a_fallback,
    config::a_sealed_password_opens_with_its_key_and_account_only,
    config::a_changed_route_is_not_overwritten,
    config::a_hold_by_a_person_stays_until_it_is_cleared,
    config::only_the_very_hold_is_lifted,
    config::configuration_moves_the_generation_and_mail_does_not,
}
