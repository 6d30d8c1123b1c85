// SPDX-License-Identifier: EUPL-1.2
#include "server/config.hpp"

namespace relais::server {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t gibibyte = 1LL << 30;
constexpr std::int64_t files_of_a_form_bytes = 25LL * 1024 * 1024; // what api::body_limit_bytes of an upload leaves to its files

std::vector<config_key> site_keys(api::settings& site) {
    return {
        {"site", "base_url", &site.base_url},
        {"site", "share_dir", &site.share_dir},
        {"site", "data_dir", &site.data_dir},
        {"site", "operator_name", &site.operator_name},
        {"site", "publication_director", &site.publication_director},
        {"site", "host_name", &site.host_name},
        {"site", "dpo_contact", &site.dpo_contact},
        {"site", "accessibility_state", &site.accessibility_state},
        {"site", "state_identity", &site.state_identity},
        {"site", "timezone", &site.timezone},
        {"site", "allowed_hosts", &site.allowed_hosts},
        {"site", "trusted_proxies", &site.trusted_proxies},
        {"site", "secure_cookies", &site.secure_cookies},
        {"site", "answer_working_days", &site.answer_working_days, 1, 60},
        {"site", "implicit_rejection_months", &site.implicit_rejection_months, 1, 24},
        {"site", "follow_up_days", &site.follow_up_days, 1, 3650},
        {"site", "calendar_file", &site.calendar_file},
        {"service", "name", &site.service.name},
        {"service", "postal_address", &site.service.postal_address},
        {"service", "email", &site.service.email},
        {"service", "phone", &site.service.phone},
        {"service", "phone_from_overseas", &site.service.phone_from_overseas},
        {"service", "hours", &site.service.hours},
        {"forms", "limits_enabled", &site.limits_enabled},
        {"forms", "per_address", &site.form_per_address, 1, 100'000},
        {"forms", "burst", &site.form_burst, 1, 100'000},
        {"forms", "window_s", &site.form_window_s, 1, 86'400},
        {"forms", "per_recipient_day", &site.form_per_recipient_day, 1, 1'000},
        {"forms", "total_minute", &site.form_total_minute, 1, 1'000'000},
        {"forms", "proof_of_work_from", &site.proof_of_work_from, 0, 100'000},
        {"attachments", "size_bytes", &site.attachment_size_bytes, 1, files_of_a_form_bytes},
        {"attachments", "total_bytes", &site.attachments_total_bytes, 1, files_of_a_form_bytes},
        {"attachments", "count", &site.attachments_count, 0, 100},
    };
}

std::vector<config_key> callback_keys(model::callback_rules& callback) {
    return {
        {"callback", "registering", &callback.is_registering},
        {"callback", "processing", &callback.is_processing},
        {"callback", "abroad", &callback.is_abroad_allowed},
        {"callback", "days_ahead", &callback.days_ahead, 1, 60},
        {"callback", "notice_minutes", &callback.notice_minutes, 0, 20'160},
        {"callback", "slot_minutes", &callback.slot_minutes, 10, 240},
        {"callback", "last_slot_minutes", &callback.last_slot_minutes, 0, 480},
        {"callback", "pending_limit", &callback.pending_limit, 0, 1'000'000},
        {"callback", "seats_per_slot", &callback.seats_per_slot, 0, 10'000},
        {"callback", "extended_seats_per_slot", &callback.extended_seats_per_slot, 0, 10'000},
        {"callback", "retry_gap_minutes", &callback.retry_gap_minutes, 15, 240},
        {"callback", "lease_minutes", &callback.lease_minutes, 1, 240},
        {"callback", "call_minutes", &callback.call_minutes, 15, 480},
        {"callback", "rate_public", &callback.is_rate_public},
    };
}

std::vector<config_key> telephony_keys(configuration& into) {
    auto& telephony = into.site.telephony;
    return {
        {"telephony", "signature_file", &into.telephony_signature_file},
        {"telephony", "originate_url", &telephony.originate_url},
        {"telephony", "originate_token_file", &into.originate_token_file},
        {"telephony", "ring_timeout_s", &telephony.ring_timeout_s, 30, 86'400},
        {"telephony", "talk_timeout_s", &telephony.talk_timeout_s, 60, 86'400},
        {"telephony", "target_percent", &telephony.target_percent, 1, 99},
        {"telephony", "target_within_s", &telephony.target_within_s, 1, 3'600},
        {"telephony", "patience_s", &telephony.patience_s, 1, 3'600},
        {"telephony", "wrap_up_s", &telephony.wrap_up_s, 0, 3'600},
        {"telephony", "callback_s", &telephony.callback_s, 1, 3'600},
        {"telephony", "history_weeks", &telephony.history_weeks, 1, 52},
    };
}

std::vector<config_key> webhook_keys(api::webhook_rules& rules) {
    return {{"webhooks", "hosts", &rules.hosts}, {"webhooks", "private_addresses", &rules.private_addresses}};
}

std::vector<config_key> http_keys(configuration& into) {
    auto& limits = into.limits;
    return {
        {"http", "listen", &into.listen},
        {"http", "io_threads", &into.io_threads, 0, 256},
        {"http", "worker_threads", &into.worker_threads, 0, 256},
        {"http", "header_deadline_ms", &limits.header_deadline_ms, 10, hour_ms},
        {"http", "keep_alive_ms", &limits.keep_alive_ms, 10, hour_ms},
        {"http", "body_deadline_ms", &limits.body_deadline_ms, 10, hour_ms},
        {"http", "upload_deadline_ms", &limits.upload_deadline_ms, 10, hour_ms},
        {"http", "body_bytes_per_s", &limits.body_bytes_per_s, 1, gibibyte},
        {"http", "body_grace_ms", &limits.body_grace_ms, 10, hour_ms},
        {"http", "write_progress_ms", &limits.write_progress_ms, 10, hour_ms},
        {"http", "connections", &limits.connections, 1, 1'000'000},
        {"http", "connections_per_address", &limits.connections_per_address, 1, 1'000'000},
        {"http", "in_flight", &limits.in_flight, 5, 1'000'000},
        {"http", "drain_delay_ms", &limits.drain_delay_ms, 0, hour_ms},
        {"http", "drain_limit_ms", &limits.drain_limit_ms, 0, hour_ms},
        {"tls", "certificate_file", &into.tls.certificate_file},
        {"tls", "key_file", &into.tls.key_file},
        {"administration", "listen", &into.administration_listen},
    };
}

std::vector<config_key> mail_keys(mail_settings& mail) {
    return {
        {"mail", "host", &mail.server.host},
        {"mail", "port", &mail.server.port, 1, 65'535},
        {"mail", "security", &mail.server.security},
        {"mail", "user", &mail.server.user},
        {"mail", "password_file", &mail.server.password_file},
        {"mail", "ca_file", &mail.server.ca_file},
        {"mail", "local_name", &mail.server.local_name},
        {"mail", "from_name", &mail.from_name},
        {"mail", "from_address", &mail.from_address},
        {"mail", "message_id_host", &mail.message_id_host},
        {"mail", "workers", &mail.workers, 1, 64},
    };
}

std::vector<config_key> storage_keys(configuration& into) {
    auto& database = into.database;
    return {
        {"database", "file", &database.sqlite_file},
        {"database", "host", &database.mariadb_host},
        {"database", "port", &database.mariadb_port, 1, 65'535},
        {"database", "socket", &database.mariadb_socket},
        {"database", "name", &database.mariadb_database},
        {"database", "user", &database.mariadb_user},
        {"database", "password_file", &into.database_password_file},
        {"database", "sessions", &database.sessions, 1, 1'000},
        {"database", "readers", &database.readers, 1, 256},
        {"database", "queue_limit", &database.queue_limit, 1, 1'000'000},
        {"database", "queue_age_ms", &database.queue_age_ms, 1, 600'000},
        {"database", "group_limit", &database.group_limit, 1, 4'096},
        {"keys", "master_file", &into.master_key_file},
        {"logging", "level", &into.logging.level},
        {"logging", "application_file", &into.logging.application_file},
        {"logging", "access_file", &into.logging.access_file},
        {"logging", "rotate_bytes", &into.logging.rotate_bytes, 4'096, 1LL << 40},
        {"logging", "rotate_files", &into.logging.rotate_files, 1, 10'000},
    };
}

std::vector<config_key> scanner_keys(scanner_options& scanner) {
    return {
        {"scanner", "socket", &scanner.socket},
        {"scanner", "host", &scanner.host},
        {"scanner", "port", &scanner.port, 1, 65'535},
        {"scanner", "timeout_s", &scanner.timeout_s, 1, 600},
    };
}

std::vector<config_key> registry_keys(registry_options& registry) {
    return {
        {"registry", "host", &registry.host},
        {"registry", "port", &registry.port, 1, 65'535},
        {"registry", "socket", &registry.socket},
        {"registry", "database", &registry.database},
        {"registry", "user", &registry.user},
        {"registry", "password_file", &registry.password_file},
        {"registry", "ca_file", &registry.ca_file},
        {"registry", "clear_text", &registry.clear_text},
        {"registry", "view", &registry.view},
        {"registry", "number_column", &registry.number},
        {"registry", "neph_column", &registry.neph},
        {"registry", "birth_name_column", &registry.birth_name},
        {"registry", "usual_name_column", &registry.usual_name},
        {"registry", "first_names_column", &registry.first_names},
        {"registry", "birth_date_column", &registry.birth_date},
        {"registry", "procedure_column", &registry.procedure},
        {"registry", "status_column", &registry.status},
        {"registry", "status_since_column", &registry.status_since},
        {"registry", "step_column", &registry.step},
        {"registry", "error_code_column", &registry.error_code},
        {"registry", "release_column", &registry.release},
        {"registry", "centre_column", &registry.centre},
        {"registry", "department_column", &registry.department},
        {"registry", "email_column", &registry.email},
        {"registry", "phone_column", &registry.phone},
        {"registry", "driving_school_column", &registry.driving_school},
        {"registry", "exam_on_column", &registry.exam_on},
        {"registry", "filed_on_column", &registry.filed_on},
        {"registry", "medical_on_column", &registry.medical_on},
        {"registry", "suspension_end_on_column", &registry.suspension_end_on},
        {"registry", "updated_at_column", &registry.updated_at},
        {"registry", "threads", &registry.threads, 1, 64},
        {"registry", "connect_ms", &registry.connect_ms, 10, 60'000},
        {"registry", "total_ms", &registry.total_ms, 10, 60'000},
        {"registry", "cache_s", &registry.cache_s, 0, 86'400},
        {"registry", "refresh_per_day", &registry.refresh_per_day, 0, 100'000'000},
        {"registry", "refresh_hours", &registry.refresh_hours, 1, 168},
    };
}

std::vector<config_key> retention_keys(model::retention_days& days) {
    constexpr std::int64_t century = 36'500;
    return {
        {"retention", "ticket_days", &days.ticket, 1, century},
        {"retention", "attachment_days", &days.attachment, 1, century},
        {"retention", "journal_days", &days.journal, 1, century},
        {"retention", "dossier_days", &days.dossier, 1, century},
        {"retention", "call_days", &days.call, 3, century},
        {"retention", "cti_event_days", &days.cti_event, 1, century},
        {"retention", "callback_person_days", &days.callback_person, 7, century},
    };
}

std::vector<config_key> share_keys(share_settings& share) {
    return {
        {"share", "sending", &share.is_sending},
        {"share", "hour", &share.hour, 0, 23},
        {"share", "link_days", &share.link_days, 1, 366},
        {"share", "recipients", &share.recipients},
        {"share", "clock_hold_minutes", &share.clock_hold_minutes, 0, 1440},
        {"share", "database_clock", &share.uses_database_clock},
    };
}

std::vector<config_key> grouping_keys(grouping_settings& grouping) {
    auto& rules = grouping.rules;
    return {
        {"grouping", "attach_percent", &grouping.attach_percent, 50, 100},
        {"grouping", "suggest_percent", &grouping.suggest_percent, 1, 100},
        {"grouping", "forget_days", &grouping.forget_days, 1, 3'650},
        {"grouping", "burst_evidence", &grouping.burst_evidence, 100, 1'000'000'000},
        {"grouping", "burst_false_percent", &grouping.burst_false_percent, 1, 50},
        {"grouping", "propose_tickets", &rules.propose_tickets, 1, 1'000},
        {"grouping", "propose_citizens", &rules.propose_citizens, 1, 1'000},
        {"escalation", "ordinary_tickets", &rules.ordinary_tickets, 1, 100'000},
        {"escalation", "tickets", &rules.tickets, 1, 100'000},
        {"escalation", "departments", &rules.departments, 1, 110},
        {"escalation", "recurrences", &rules.recurrences, 1, 100},
        {"escalation", "regression_tickets", &rules.regression_tickets, 1, 1'000},
        {"escalation", "late_days", &rules.late_days, 1, 60},
        {"escalation", "broadcast_per_minute", &grouping.broadcast_per_minute, 1, 100'000},
    };
}

} // namespace

std::vector<config_key> config_keys(configuration& into) {
    auto keys = site_keys(into.site);
    for (auto& key : callback_keys(into.callback)) keys.push_back(key);
    for (auto& key : telephony_keys(into)) keys.push_back(key);
    for (auto& key : webhook_keys(into.site.webhooks)) keys.push_back(key);
    for (auto& key : http_keys(into)) keys.push_back(key);
    for (auto& key : mail_keys(into.mail)) keys.push_back(key);
    for (auto& key : storage_keys(into)) keys.push_back(key);
    for (auto& key : scanner_keys(into.scanner)) keys.push_back(key);
    for (auto& key : registry_keys(into.registry)) keys.push_back(key);
    for (auto& key : retention_keys(into.retention)) keys.push_back(key);
    for (auto& key : grouping_keys(into.grouping)) keys.push_back(key);
    for (auto& key : share_keys(into.share)) keys.push_back(key);
    keys.push_back({"inbound", "listen", &into.inbound.listen});
    keys.push_back({"inbound", "address", &into.inbound.address});
    keys.push_back({"inbound", "allowed", &into.inbound.allowed});
    keys.push_back({"inbound", "size_bytes", &into.inbound.size_bytes, 65'536, gibibyte});
    keys.push_back({"clocks", "file", &into.clocks_file});
    keys.push_back({"trackers", "file", &into.trackers_file});
    return keys;
}

} // namespace relais::server
