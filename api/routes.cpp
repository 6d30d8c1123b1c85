// SPDX-License-Identifier: EUPL-1.2
#include "api/routes.hpp"

#include "api/bulk_jobs.hpp"
#include "api/call_card.hpp"
#include "api/call_figures.hpp"
#include "api/callback_booking.hpp"
#include "api/callback_form.hpp"
#include "api/callback_promise.hpp"
#include "api/callbacks.hpp"
#include "api/calls.hpp"
#include "api/canned_answers.hpp"
#include "api/change_feed.hpp"
#include "api/checklists.hpp"
#include "api/contact.hpp"
#include "api/cti.hpp"
#include "api/demo_codes.hpp"
#include "api/dossier_clocks.hpp"
#include "api/dossiers.hpp"
#include "api/figure_desk.hpp"
#include "api/figures.hpp"
#include "api/follow_up.hpp"
#include "api/incident_actions.hpp"
#include "api/incident_list.hpp"
#include "api/incident_pack.hpp"
#include "api/incident_page.hpp"
#include "api/incident_telling.hpp"
#include "api/incident_trackers.hpp"
#include "api/kept_mails.hpp"
#include "api/letters.hpp"
#include "api/live_stream.hpp"
#include "api/notices.hpp"
#include "api/openapi.hpp"
#include "api/participants.hpp"
#include "api/public_incidents.hpp"
#include "api/public_pages.hpp"
#include "api/queue_view.hpp"
#include "api/registry_page.hpp"
#include "api/reply_writing.hpp"
#include "api/reviews.hpp"
#include "api/rosters.hpp"
#include "api/rules.hpp"
#include "api/search_page.hpp"
#include "api/share_access.hpp"
#include "api/shares.hpp"
#include "api/sign_in.hpp"
#include "api/teams.hpp"
#include "api/telephony.hpp"
#include "api/ticket_actions.hpp"
#include "api/ticket_clocks.hpp"
#include "api/ticket_files.hpp"
#include "api/ticket_incident.hpp"
#include "api/ticket_list.hpp"
#include "api/ticket_merging.hpp"
#include "api/ticket_page.hpp"
#include "api/ticket_presence.hpp"
#include "api/ticket_team.hpp"
#include "api/tickets_intake.hpp"
#include "api/webhooks.hpp"

#include <map>
#include <memory>

namespace relais::api {

namespace {

using enum body_kind;

constexpr route table[] = {
    // Pages that need nothing but their text
    {"GET", "/", everyone, none, show_home},
    {"GET", "/aide", everyone, none, list_help},
    {"GET", "/aide/{slug}", everyone, none, show_help},
    {"GET", "/accessibilite", everyone, none, show_accessibility},
    {"GET", "/donnees-personnelles", everyone, none, show_privacy},
    {"GET", "/mentions-legales", everyone, none, show_legal},
    {"GET", "/tri-des-messages", everyone, none, show_sorting},
    // Known problems
    {"GET", "/incidents", everyone, none, list_known_incidents},
    {"GET", "/incidents/{number}", everyone, none, show_known_incident},
    {"POST", "/incidents/{number}/moi-aussi", everyone, form, follow_incident},
    {"GET", "/incidents/arret/{token}", everyone, none, show_follower_end},
    {"POST", "/incidents/arret/{token}", everyone, form, end_follower},
    // The contact form
    {"GET", "/contact", everyone, none, show_contact},
    {"POST", "/contact", everyone, form, take_contact},
    {"GET", "/contact/probleme", everyone, none, show_contact},
    {"POST", "/contact/probleme", everyone, form, take_contact},
    {"GET", "/contact/pieces", everyone, none, show_contact},
    {"POST", "/contact/pieces", everyone, upload, take_contact},
    {"GET", "/contact/reponse", everyone, none, show_contact},
    {"POST", "/contact/reponse", everyone, form, take_contact},
    {"GET", "/contact/envoi", everyone, none, show_contact},
    {"POST", "/contact/envoi", everyone, form, send_contact},
    {"GET", "/contact/recu", everyone, none, show_received},
    // Being called back
    {"GET", "/rappel", everyone, none, show_callback_form},
    {"POST", "/rappel", everyone, form, take_callback_form},
    {"GET", "/rappel/creneau", everyone, none, show_callback_slots},
    {"POST", "/rappel/creneau", everyone, form, take_callback_slot},
    {"GET", "/rappel/confirmation", everyone, none, show_callback_promise},
    {"GET", "/suivi/rappel", everyone, none, show_callback_change},
    {"POST", "/suivi/rappel", everyone, form, change_callback},
    {"GET", "/suivi/rappel.ics", everyone, none, get_callback_calendar},
    {"POST", "/suivi/annulation-rappel", everyone, form, give_callback_up},
    {"GET", "/api/v1/callbacks/slots", everyone, none, list_callback_slots},
    {"POST", "/api/v1/callbacks", everyone, json, book_callback},
    // The follow-up of one's request
    {"GET", "/suivi", everyone, none, show_follow_up},
    {"POST", "/suivi/lien", everyone, form, send_link_again},
    {"POST", "/suivi/messages", everyone, upload, write_back},
    {"POST", "/suivi/pieces", everyone, upload, write_back},
    {"GET", "/suivi/pieces/{file}", everyone, none, get_own_file},
    {"GET", "/suivi/code", everyone, none, show_file_code},
    {"POST", "/suivi/code", everyone, form, check_file_code},
    {"POST", "/suivi/code/envoi", everyone, form, send_file_code},
    {"POST", "/suivi/resolu", everyone, form, tell_solved},
    {"POST", "/suivi/satisfaction", everyone, form, rate_answer},
    {"POST", "/suivi/personnes/retrait", everyone, form, withdraw_participant},
    {"GET", "/suivi/{token}", everyone, none, open_follow_up},
    // Tickets
    {"POST", "/api/v1/tickets", everyone, json, open_ticket},
    // The desk, in the console
    {"GET", "/console/", staff | partner, none, show_console, "desk"},
    {"GET", "/console/tickets", staff, none, list_tickets, "desk"},
    {"GET", "/console/tickets/counts", staff, none, show_queue_counts, "desk"},
    {"POST", "/console/tickets/next", desk, form, take_next, "desk"},
    {"POST", "/console/views", staff, form, post_view, "desk"},
    {"GET", "/console/views/counts", staff, none, show_view_counts, "desk"},
    {"GET", "/console/views/{id}", staff, none, open_view, "desk"},
    {"POST", "/console/views/{id}/removal", staff, form, remove_view, "desk"},
    {"GET", "/console/tickets/{reference}", staff, none, show_ticket, "desk"},
    {"GET", "/console/tickets/{reference}/presence", desk, none, show_presence, "desk"},
    {"POST", "/console/tickets/{reference}/presence", desk, form, post_presence, "desk"},
    {"GET", "/console/tickets/{reference}/changes", desk, none, show_changes, "desk"},
    {"POST", "/console/tickets/{reference}/steps", desk, form, post_steps, "desk"},
    {"POST", "/console/tickets/{reference}/release", desk, form, post_release, "desk"},
    {"GET", "/console/tickets/{reference}/pieces/{file}", desk, none, get_ticket_file, "desk"},
    {"POST", "/console/tickets/{reference}/messages", desk, form, post_message, "desk"},
    {"POST", "/console/tickets/{reference}/draft", desk, form, post_draft, "desk"},
    {"POST", "/console/tickets/{reference}/preview", desk, form, post_preview, "desk"},
    {"POST", "/console/tickets/{reference}/recall", desk, form, post_recall, "desk"},
    {"POST", "/console/tickets/{reference}/assignment", desk, form, post_assignment, "desk"},
    {"POST", "/console/tickets/{reference}/team", desk, form, post_ticket_team, "desk"},
    {"POST", "/console/tickets/{reference}/category", desk, form, post_category, "desk"},
    {"POST", "/console/tickets/{reference}/dossier", desk, form, post_dossier, "desk"},
    {"POST", "/console/tickets/{reference}/closure", desk, form, post_closure, "desk"},
    {"POST", "/console/tickets/{reference}/reopening", desk, form, post_reopening, "desk"},
    {"POST", "/console/tickets/{reference}/forwarding", desk, form, post_forwarding, "desk"},
    {"POST", "/console/tickets/{reference}/merge", desk, form, post_merge, "desk"},
    {"POST", "/console/tickets/{reference}/unmerge", desk, form, post_unmerge, "desk"},
    {"POST", "/console/tickets/{reference}/split", desk, form, post_split, "desk"},
    {"POST", "/console/tickets/{reference}/participants", desk, form, post_participant, "desk"},
    {"POST", "/console/tickets/{reference}/participants/{id}/link", desk, form, post_participant_link, "desk"},
    {"POST", "/console/tickets/{reference}/participants/{id}/removal", desk, form, remove_participant, "desk"},
    {"GET", "/console/bulk", desk, none, list_bulk, "desk"},
    {"POST", "/console/bulk", desk, form, post_bulk, "desk"},
    {"POST", "/console/bulk/preview", desk, form, preview_bulk, "desk"},
    {"GET", "/console/bulk/{id}", desk, none, show_bulk, "desk"},
    {"POST", "/console/bulk/{id}/stop", desk, form, stop_bulk, "desk"},
    {"POST", "/console/bulk/{id}/resumption", desk, form, resume_bulk, "desk"},
    {"GET", "/console/answers", desk, none, list_canned_answers, "desk"},
    {"POST", "/console/answers", supervisor, form, add_canned_answer, "desk"},
    {"GET", "/console/answers/{id}", desk, none, show_canned_answer, "desk"},
    {"POST", "/console/answers/{id}", supervisor, form, change_canned_answer, "desk"},
    {"POST", "/console/answers/{id}/retirement", supervisor, form, retire_canned_answer, "desk"},
    {"POST", "/console/tickets/{reference}/waiting", desk, form, post_waiting, "desk"},
    {"POST", "/console/tickets/{reference}/resumption", desk, form, post_resumption, "desk"},
    {"GET", "/console/alertes", desk, none, list_notices, "desk"},
    {"GET", "/console/alertes/nouvelles", desk, none, show_new_notices, "desk"},
    {"POST", "/console/alertes/lecture", desk, form, mark_notices, "desk"},
    {"GET", "/console/recherche", staff, none, show_search, "desk"},
    {"GET", "/console/recherche/apercu", staff, none, show_quick_find, "desk"},
    {"GET", "/console/dossiers", desk | dpo, none, show_dossier_search, "desk"},
    {"POST", "/console/dossiers", desk | dpo, form, search_dossiers, "desk"},
    {"GET", "/console/dossiers/{id}", desk | dpo, none, show_dossier, "desk"},
    {"POST", "/console/dossiers/{id}/dates", desk, form, post_legal_date, "desk"},
    {"POST", "/api/v1/dossiers/{id}/dates", desk, json, post_legal_date, "desk"},
    {"GET", "/console/courriers", desk, none, list_letters, "desk"},
    {"POST", "/console/courriers/impression", desk, form, print_letters, "desk"},
    {"POST", "/console/courriers/envoi", desk, form, send_letters, "desk"},
    {"POST", "/console/courriers/telephone", desk, form, tell_by_phone, "desk"},
    // The same, for programs
    {"GET", "/api/v1/tickets", staff, none, list_tickets, "desk"},
    {"GET", "/api/v1/tickets/{reference}", staff, none, show_ticket, "desk"},
    {"GET", "/api/v1/tickets/{reference}/pieces/{file}", desk, none, get_ticket_file, "desk"},
    {"POST", "/api/v1/tickets/{reference}/messages", desk, json, post_message, "desk"},
    {"POST", "/api/v1/tickets/{reference}/assignment", desk, json, post_assignment, "desk"},
    {"POST", "/api/v1/tickets/{reference}/team", desk, json, post_ticket_team, "desk"},
    {"POST", "/api/v1/tickets/{reference}/category", desk, json, post_category, "desk"},
    {"POST", "/api/v1/tickets/{reference}/dossier", desk, json, post_dossier, "desk"},
    {"POST", "/api/v1/tickets/{reference}/closure", desk, json, post_closure, "desk"},
    {"POST", "/api/v1/tickets/{reference}/reopening", desk, json, post_reopening, "desk"},
    {"POST", "/api/v1/tickets/{reference}/forwarding", desk, json, post_forwarding, "desk"},
    {"POST", "/api/v1/tickets/{reference}/merge", desk, json, post_merge, "desk"},
    {"POST", "/api/v1/tickets/{reference}/unmerge", desk, json, post_unmerge, "desk"},
    {"POST", "/api/v1/tickets/{reference}/split", desk, json, post_split, "desk"},
    {"GET", "/api/v1/tickets/{reference}/participants", desk, none, list_participants, "desk"},
    {"POST", "/api/v1/tickets/{reference}/participants", desk, json, post_participant, "desk"},
    {"POST", "/api/v1/tickets/{reference}/participants/{id}/link", desk, json, post_participant_link, "desk"},
    {"DELETE", "/api/v1/tickets/{reference}/participants/{id}", desk, json, remove_participant, "desk"},
    {"POST", "/api/v1/tickets/{reference}/waiting", desk, json, post_waiting, "desk"},
    {"POST", "/api/v1/tickets/{reference}/resumption", desk, json, post_resumption, "desk"},
    {"POST", "/api/v1/dossiers/search", desk | dpo, json, search_dossiers, "desk"},
    {"GET", "/api/v1/dossiers/{id}", desk | dpo, none, show_dossier, "desk"},
    {"GET", "/api/v1/openapi.json", everyone, none, show_openapi, "other"},
    {"GET", "/api/v1/events", staff, none, list_events, "other"},
    {"GET", "/api/v1/webhooks", admin, none, list_webhooks, "other"},
    {"POST", "/api/v1/webhooks", admin, json, add_webhook, "other"},
    {"DELETE", "/api/v1/webhooks/{id}", admin, json, remove_webhook, "other"},
    {"GET", "/api/v1/webhooks/{id}/deliveries", admin, none, list_webhook_deliveries, "other"},
    // The telephone
    {"POST", "/api/v1/cti/{token}", everyone, event, take_cti_event, "other"},
    {"POST", "/api/v1/cti", telephony, event, take_cti_event, "other"},
    {"GET", "/console/calls", desk, none, list_calls, "desk"},
    {"POST", "/console/calls", desk, form, start_call, "desk"},
    {"GET", "/console/calls/current", desk, none, show_current_calls, "desk"},
    {"GET", "/console/calls/figures", staff, none, show_call_figures, "desk"},
    {"GET", "/console/calls/staffing", supervisor | admin, none, show_staffing, "desk"},
    {"POST", "/console/calls/staffing/seats", supervisor, form, follow_staffing, "desk"},
    {"GET", "/console/calls/{id}", desk, none, show_call, "desk"},
    {"POST", "/console/calls/{id}/search", desk, form, search_caller, "desk"},
    {"POST", "/console/calls/{id}/identity", desk, form, confirm_caller, "desk"},
    {"POST", "/console/calls/{id}/report", desk, form, report_call, "desk"},
    {"GET", "/console/telephony", supervisor | admin, none, show_telephony, "desk"},
    {"POST", "/console/telephony/extensions", supervisor | admin, form, set_extension, "desk"},
    {"POST", "/console/telephony/queues", supervisor | admin, form, set_queue_team, "desk"},
    {"POST", "/console/telephony/blocked", supervisor | admin, form, block_number, "desk"},
    {"POST", "/console/telephony/blocked/removal", supervisor | admin, form, unblock_number, "desk"},
    {"GET", "/api/v1/calls", desk, none, list_calls, "desk"},
    {"POST", "/api/v1/calls", desk, json, add_call, "desk"},
    {"GET", "/api/v1/calls/figures", staff, none, show_call_figures, "desk"},
    {"GET", "/api/v1/calls/staffing", supervisor | admin, none, show_staffing, "desk"},
    // Rules that act by themselves
    {"GET", "/console/rules", supervisor | admin, none, list_rules, "desk"},
    {"POST", "/console/rules", supervisor, form, add_rule, "desk"},
    {"GET", "/console/rules/new", supervisor, none, show_new_rule, "desk"},
    {"POST", "/console/rules/trial", supervisor, form, try_rule, "desk"},
    {"GET", "/console/rules/{id}", supervisor | admin, none, show_rule, "desk"},
    {"POST", "/console/rules/{id}", supervisor, form, change_rule, "desk"},
    {"POST", "/console/rules/{id}/activation", supervisor | admin, form, post_rule_state, "desk"},
    {"POST", "/console/rules/{id}/position", supervisor | admin, form, post_rule_place, "desk"},
    {"POST", "/console/rules/{id}/removal", supervisor | admin, form, remove_rule, "desk"},
    {"GET", "/api/v1/rules", supervisor | admin, none, list_rules, "desk"},
    {"POST", "/api/v1/rules", supervisor, json, add_rule, "desk"},
    {"POST", "/api/v1/rules/trial", supervisor, json, try_rule, "desk"},
    {"GET", "/api/v1/rules/{id}", supervisor | admin, none, show_rule, "desk"},
    {"POST", "/api/v1/rules/{id}", supervisor, json, change_rule, "desk"},
    {"POST", "/api/v1/rules/{id}/activation", supervisor | admin, json, post_rule_state, "desk"},
    {"POST", "/api/v1/rules/{id}/position", supervisor | admin, json, post_rule_place, "desk"},
    {"DELETE", "/api/v1/rules/{id}", supervisor | admin, json, remove_rule, "desk"},
    // Live updates
    {"GET", "/console/stream", staff, none, stream_events, "desk"},
    {"GET", "/api/v1/stream", staff, none, stream_events, "desk"},
    // Incidents, in the console and for programs
    {"GET", "/console/incidents", staff, none, list_incidents, "desk"},
    {"GET", "/api/v1/incidents", staff, none, list_incidents, "desk"},
    {"POST", "/console/incidents", desk, form, post_incident, "desk"},
    {"POST", "/api/v1/incidents", desk, json, post_incident, "desk"},
    {"GET", "/console/incidents/{number}", staff, none, show_incident, "desk"},
    {"GET", "/api/v1/incidents/{number}", staff, none, show_incident, "desk"},
    {"GET", "/console/incidents/{number}/tickets", staff, none, list_incident_tickets, "desk"},
    {"GET", "/api/v1/incidents/{number}/tickets", staff, none, list_incident_tickets, "desk"},
    {"GET", "/console/incidents/{number}/dossiers", staff, none, list_incident_dossiers, "desk"},
    {"GET", "/api/v1/incidents/{number}/dossiers", staff, none, list_incident_dossiers, "desk"},
    {"GET", "/console/incidents/{number}/pack", desk, none, show_incident_pack, "desk"},
    {"GET", "/api/v1/incidents/{number}/pack", desk, none, show_incident_pack, "desk"},
    {"GET", "/api/v1/incident-figures", staff, none, show_incident_figures, "desk"},
    {"GET", "/api/v1/incidents/{number}/timeline", staff, none, show_incident_timeline, "desk"},
    {"GET", "/api/v1/incidents/{number}/trend", staff, none, show_incident_trend, "desk"},
    {"POST", "/console/incidents/{number}/confirmation", resolver | supervisor, form, post_confirmation, "desk"},
    {"POST", "/api/v1/incidents/{number}/confirmation", resolver | supervisor, json, post_confirmation, "desk"},
    {"POST", "/console/incidents/{number}/escalation", desk, form, post_escalation, "desk"},
    {"POST", "/api/v1/incidents/{number}/escalation", desk, json, post_escalation, "desk"},
    {"POST", "/console/incidents/{number}/acceptance", resolver, form, post_acceptance, "desk"},
    {"POST", "/api/v1/incidents/{number}/acceptance", resolver, json, post_acceptance, "desk"},
    {"POST", "/console/incidents/{number}/return", resolver, form, post_return, "desk"},
    {"POST", "/api/v1/incidents/{number}/return", resolver, json, post_return, "desk"},
    {"POST", "/console/incidents/{number}/workaround", resolver | supervisor, form, post_workaround, "desk"},
    {"POST", "/api/v1/incidents/{number}/workaround", resolver | supervisor, json, post_workaround, "desk"},
    {"POST", "/console/incidents/{number}/cause", resolver | supervisor, form, post_cause, "desk"},
    {"POST", "/api/v1/incidents/{number}/cause", resolver | supervisor, json, post_cause, "desk"},
    {"POST", "/console/incidents/{number}/description", resolver | supervisor, form, post_description, "desk"},
    {"POST", "/api/v1/incidents/{number}/description", resolver | supervisor, json, post_description, "desk"},
    {"POST", "/console/incidents/{number}/stuck-state", resolver | supervisor, form, post_stuck_state, "desk"},
    {"POST", "/api/v1/incidents/{number}/stuck-state", resolver | supervisor, json, post_stuck_state, "desk"},
    {"POST", "/console/incidents/{number}/schedule", resolver, form, post_schedule, "desk"},
    {"POST", "/api/v1/incidents/{number}/schedule", resolver, json, post_schedule, "desk"},
    {"POST", "/console/incidents/{number}/closure", resolver | supervisor, form, post_incident_closure, "desk"},
    {"POST", "/api/v1/incidents/{number}/closure", resolver | supervisor, json, post_incident_closure, "desk"},
    {"POST", "/console/incidents/{number}/reopening", resolver | supervisor, form, post_incident_reopening, "desk"},
    {"POST", "/api/v1/incidents/{number}/reopening", resolver | supervisor, json, post_incident_reopening, "desk"},
    {"POST", "/console/incidents/{number}/dismissal", resolver | supervisor, form, post_dismissal, "desk"},
    {"POST", "/api/v1/incidents/{number}/dismissal", resolver | supervisor, json, post_dismissal, "desk"},
    {"POST", "/console/incidents/{number}/merge", resolver | supervisor, form, post_incident_merge, "desk"},
    {"POST", "/api/v1/incidents/{number}/merge", resolver | supervisor, json, post_incident_merge, "desk"},
    {"POST", "/console/incidents/{number}/unmerge", resolver | supervisor, form, post_incident_unmerge, "desk"},
    {"POST", "/api/v1/incidents/{number}/unmerge", resolver | supervisor, json, post_incident_unmerge, "desk"},
    {"POST", "/console/incidents/{number}/split", resolver | supervisor, form, post_incident_split, "desk"},
    {"POST", "/api/v1/incidents/{number}/split", resolver | supervisor, json, post_incident_split, "desk"},
    {"POST", "/console/incidents/{number}/undo", desk, form, post_undo, "desk"},
    {"POST", "/api/v1/incidents/{number}/undo", desk, json, post_undo, "desk"},
    {"POST", "/console/incidents/{number}/fix", resolver, form, post_fix, "desk"},
    {"POST", "/api/v1/incidents/{number}/fix", resolver, json, post_fix, "desk"},
    {"POST", "/console/incidents/{number}/verification", resolver, form, post_verification, "desk"},
    {"POST", "/api/v1/incidents/{number}/verification", resolver, json, post_verification, "desk"},
    {"POST", "/console/incidents/{number}/broadcast", resolver | supervisor, form, post_broadcast, "desk"},
    {"POST", "/api/v1/incidents/{number}/broadcast", resolver | supervisor, json, post_broadcast, "desk"},
    {"POST", "/console/incidents/{number}/broadcast/stop", resolver | supervisor, form, post_broadcast_stop, "desk"},
    {"POST", "/api/v1/incidents/{number}/broadcast/stop", resolver | supervisor, json, post_broadcast_stop, "desk"},
    {"POST", "/console/incidents/{number}/broadcast/resumption", resolver | supervisor, form, post_broadcast_resumption, "desk"},
    {"POST", "/api/v1/incidents/{number}/broadcast/resumption", resolver | supervisor, json, post_broadcast_resumption, "desk"},
    {"POST", "/console/incidents/{number}/trackers", resolver | supervisor, form, post_incident_tracker, "desk"},
    {"POST", "/api/v1/incidents/{number}/trackers", resolver | supervisor, json, post_incident_tracker, "desk"},
    {"POST", "/trackers/{name}", everyone, json, hear_tracker, "other"},
    {"POST", "/console/tickets/{reference}/incident", desk, form, post_ticket_incident, "desk"},
    {"POST", "/api/v1/tickets/{reference}/incident", desk, json, post_ticket_incident, "desk"},
    {"POST", "/console/tickets/{reference}/incident/removal", desk, form, remove_ticket_incident, "desk"},
    {"POST", "/api/v1/tickets/{reference}/incident/removal", desk, json, remove_ticket_incident, "desk"},
    {"DELETE", "/api/v1/tickets/{reference}/incident", desk, json, remove_ticket_incident, "desk"},
    // Making the calls
    {"GET", "/console/callbacks", desk, none, list_callbacks, "desk"},
    {"GET", "/console/callbacks/figures", supervisor | admin, none, show_callback_figures, "desk"},
    {"POST", "/console/callbacks/next-claim", desk, form, claim_next_callback, "desk"},
    {"GET", "/console/callbacks/{id}", desk, none, show_callback, "desk"},
    {"POST", "/console/callbacks/{id}/dialling", desk, form, dial_callback, "desk"},
    {"POST", "/console/callbacks/{id}/outcome", desk, form, finish_callback, "desk"},
    {"POST", "/console/callbacks/{id}/release", desk, form, release_callback, "desk"},
    {"POST", "/console/callbacks/{id}/cancellation", desk, form, cancel_callback, "desk"},
    {"POST", "/console/callbacks/{id}/rescheduling", desk, form, move_callback, "desk"},
    {"GET", "/api/v1/callbacks", desk, none, list_callbacks, "desk"},
    {"POST", "/api/v1/callbacks/next-claim", desk, json, claim_next_callback, "desk"},
    {"GET", "/api/v1/callbacks/{id}", desk, none, show_callback, "desk"},
    {"POST", "/api/v1/callbacks/{id}/dialling", desk, json, dial_callback, "desk"},
    {"POST", "/api/v1/callbacks/{id}/outcome", desk, json, finish_callback, "desk"},
    {"POST", "/api/v1/callbacks/{id}/release", desk, json, release_callback, "desk"},
    {"POST", "/api/v1/callbacks/{id}/cancellation", desk, json, cancel_callback, "desk"},
    {"POST", "/api/v1/callbacks/{id}/rescheduling", desk, json, move_callback, "desk"},
    {"GET", "/console/roster", supervisor | admin, none, show_roster, "desk"},
    {"POST", "/console/roster", supervisor | admin, form, set_roster, "desk"},
    // The weekly share, and the figures
    {"GET", "/console/shares", staff, none, list_shares, "desk"},
    {"GET", "/console/shares/comparison", staff, none, compare_shares, "desk"},
    {"GET", "/console/shares/feed", staff, none, show_share_feed, "desk"},
    {"GET", "/console/shares/{week}", staff, none, show_share, "desk"},
    {"POST", "/console/shares/{week}/acknowledgement", owner, form, post_acknowledgement, "desk"},
    {"POST", "/console/shares/{week}/decisions", owner, form, post_decision, "desk"},
    {"POST", "/console/shares/{week}/links/{id}/revocation", owner | supervisor, form, post_link_revocation, "desk"},
    {"POST", "/console/decisions/{id}/steps", owner | resolver | supervisor, form, post_decision_step, "desk"},
    {"GET", "/api/v1/weekly-shares", staff, none, list_shares, "desk"},
    {"GET", "/api/v1/weekly-shares/comparison", staff, none, compare_shares, "desk"},
    {"GET", "/api/v1/weekly-shares/feed", staff, none, show_share_feed, "desk"},
    {"GET", "/api/v1/weekly-shares/{week}", staff, none, show_share, "desk"},
    {"POST", "/api/v1/weekly-shares/{week}/acknowledgement", owner, json, post_acknowledgement, "desk"},
    {"POST", "/api/v1/weekly-shares/{week}/decisions", owner, json, post_decision, "desk"},
    {"POST", "/api/v1/weekly-shares/{week}/links/{id}/revocation", owner | supervisor, json, post_link_revocation, "desk"},
    {"POST", "/api/v1/decisions/{id}/steps", owner | resolver | supervisor, json, post_decision_step, "desk"},
    {"GET", "/partage", everyone, none, show_linked_share},
    {"GET", "/partage/{token}", everyone, none, open_share_link},
    {"GET", "/partage/flux/{token}", everyone, none, show_signed_feed},
    {"GET", "/partage/fichiers/{file}", everyone, none, get_linked_file},
    {"POST", "/partage/accuse", everyone, form, post_linked_acknowledgement},
    {"POST", "/partage/decisions", everyone, form, post_linked_decision},
    {"POST", "/partage/decisions/{id}/commentaires", everyone, form, post_linked_comment},
    {"GET", "/console/figures", supervisor | admin, none, show_figures, "desk"},
    {"GET", "/api/v1/figures", supervisor | admin, none, show_figures, "desk"},
    {"GET", "/console/figures/live", supervisor | admin, none, show_live_figures, "desk"},
    {"GET", "/api/v1/figures/live", supervisor | admin, none, show_live_figures, "desk"},
    {"GET", "/console/figures/mine", desk, none, show_own_figures, "desk"},
    {"GET", "/console/figures/agents/{id}", desk, none, show_agent_figures, "desk"},
    {"GET", "/api/v1/figures/agents/{id}", desk, none, show_agent_figures, "desk"},
    {"GET", "/console/reviews", supervisor, none, list_reviews, "desk"},
    {"GET", "/console/reviews/{reference}", supervisor, none, show_review, "desk"},
    {"POST", "/console/reviews/{reference}", supervisor, form, post_review, "desk"},
    {"GET", "/api/v1/reviews", supervisor, none, list_reviews, "desk"},
    {"GET", "/api/v1/reviews/{reference}", supervisor, none, show_review, "desk"},
    {"POST", "/api/v1/reviews/{reference}", supervisor, json, post_review, "desk"},
    {"GET", "/console/equipes", supervisor | admin, none, show_teams, "desk"},
    {"POST", "/console/equipes", supervisor | admin, form, post_team, "desk"},
    {"POST", "/console/equipes/membres", supervisor | admin, form, post_team_member, "desk"},
    {"GET", "/api/v1/teams", supervisor | admin, none, show_teams, "desk"},
    {"POST", "/api/v1/teams", supervisor | admin, json, post_team, "desk"},
    {"POST", "/api/v1/teams/members", supervisor | admin, json, post_team_member, "desk"},
    {"GET", "/console/registre", admin, none, show_registry, "desk"},
    {"GET", "/api/v1/registry", admin, none, show_registry, "desk"},
    {"GET", "/donnees-ouvertes", everyone, none, show_open_data},
    {"GET", "/donnees-ouvertes/{file}", everyone, none, get_open_data},
    // Signing in
    {"GET", "/connexion", everyone, none, show_sign_in},
    {"POST", "/connexion", everyone, form, sign_in},
    {"GET", "/connexion/code", everyone, none, show_code},
    {"POST", "/connexion/code", everyone, form, check_code},
    {"GET", "/connexion/inscription", everyone, none, show_enrolment},
    {"POST", "/connexion/inscription", everyone, form, enrol},
    {"POST", "/deconnexion", everyone, form, sign_out},
    {"GET", "/console/compte", staff | partner, none, show_account, "desk"},
    {"POST", "/console/compte/mot-de-passe", staff | partner, form, change_password, "desk"},
    {"POST", "/console/compte/codes", staff | partner, form, renew_recovery_codes, "desk"},
    {"POST", "/console/compte/sessions", staff | partner, form, sign_out_everywhere, "desk"},

    // Demonstration only
    {"GET", "/demo/codes", everyone, none, show_demo_codes},
    {"GET", "/demo/courriels", everyone, none, list_kept_mails},
    {"GET", "/demo/courriels/{name}", everyone, none, show_kept_mail},
};

// The table as a tree of path segments: a look-up costs the depth of the path, not the length of the table.
struct branch {
    std::map<std::string, std::unique_ptr<branch>, std::less<>> named;
    std::unique_ptr<branch> any; // a {capture}
    std::map<std::string_view, const route*> methods;
};

// The segment at the start of a path without its slash, and the rest.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
    path.remove_prefix(1);
    auto end = path.find('/');
    return end == std::string_view::npos ? std::pair{path, std::string_view{}} : std::pair{path.substr(0, end), path.substr(end)};
}

void grow(branch& at, std::string_view pattern, const route& row) {
    if (pattern.empty()) {
        at.methods.emplace(row.method, &row);
        return;
    }
    auto [segment, rest] = split(pattern);
    auto& next = segment.starts_with('{') ? at.any : at.named[std::string(segment)];
    if (!next) next = std::make_unique<branch>();
    grow(*next, rest, row);
}

const branch& tree() {
    static const branch made = [] {
        branch root;
        for (const auto& row : table) grow(root, row.pattern, row);
        return root;
    }();
    return made;
}

// Names are preferred to captures: /incidents/nouveau is not an incident called "nouveau".
const branch* walk(const branch& at, std::string_view path, std::vector<std::string>& captures) {
    if (path.empty()) return at.methods.empty() ? nullptr : &at;
    auto [segment, rest] = split(path);
    if (auto next = at.named.find(segment); next != at.named.end())
        if (const auto* found = walk(*next->second, rest, captures)) return found;
    if (!at.any || segment.empty()) return nullptr;
    captures.emplace_back(segment);
    if (const auto* found = walk(*at.any, rest, captures)) return found;
    captures.pop_back();
    return nullptr;
}

} // namespace

std::span<const route> routes() { return table; }

match find_route(std::string_view method, std::string_view path) {
    match out;
    if (path.empty() || path[0] != '/') return out;
    const auto* at = walk(tree(), path, out.captures);
    if (!at) return out;
    auto found = at->methods.find(method == "HEAD" ? "GET" : method);
    if (found != at->methods.end()) {
        out.found = found->second;
        return out;
    }
    for (const auto& [each, row] : at->methods) out.allowed += (out.allowed.empty() ? "" : ", ") + std::string(each);
    return out;
}

std::size_t body_limit_bytes(body_kind kind) {
    constexpr std::size_t kib = 1024, mib = 1024 * kib;
    switch (kind) {
    case body_kind::none:
        return 4 * kib; // an empty form of a button
    case body_kind::form:
        return 256 * kib; // 20,000 code points, percent-encoded
    case body_kind::json:
        return 256 * kib;
    case body_kind::event:
        return 16 * kib;
    case body_kind::upload:
        return 26 * mib; // 25 MiB of files and the words around them
    }
    return 0;
}

} // namespace relais::api
