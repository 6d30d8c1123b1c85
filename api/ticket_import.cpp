// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_import.hpp"

#include "api/follow_up_token.hpp"
#include "api/json_body.hpp"
#include "api/malformed.hpp"
#include "api/ticket_fields.hpp"
#include "model/category.hpp"
#include "model/dossier_line.hpp"
#include "model/ticket_history.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace relais::api {
namespace {

using model::import_counts;
using faults = std::vector<model::field_fault>;

constexpr std::size_t lines_a_visit = 200;
constexpr std::size_t line_limit_bytes = 1024 * 1024;
constexpr std::size_t messages_limit = 1'000;
constexpr std::size_t key_limit = 120; // ticket.external_id

struct imported {
    model::contact contact;
    model::ticket_history past;
    model::sys_seconds received_at;
};

std::optional<model::sys_seconds> read_time(json_reader& from, std::string_view name) {
    auto text = from.optional_text(name, 40);
    if (!text) return std::nullopt;
    auto at = model::dossiers::read_time(*text);
    if (!at) from.fault(name, "time", "fault.json.type");
    return at;
}

model::ticket_history::exchange read_exchange(json_reader from) {
    model::ticket_history::exchange out;
    out.at = read_time(from, "at").value_or(model::sys_seconds{});
    auto who = from.text("from", 20);
    if (who != "citizen" && who != "agent") from.fault("from", "unknown", "fault.json.unknown");
    out.is_reply = who == "agent";
    out.body = from.text("body", ticket_fields::text_limit);
    from.finish();
    return out;
}

model::ticket_history read_history(json_reader& line) {
    model::ticket_history past;
    past.status = line.optional_text("status", 20).value_or("new");
    if (past.status != "new" && past.status != "open" && past.status != "waiting" && past.status != "closed")
        line.fault("status", "unknown", "fault.json.unknown");
    past.closed_at = read_time(line, "closed_at");
    past.category = line.optional_text("category", 20).value_or("");
    if (!past.category.empty() && !model::categories::is_known(past.category)) line.fault("category", "unknown", "fault.json.unknown");
    for (auto& each : line.objects("messages", messages_limit)) past.messages.push_back(read_exchange(each));
    return past;
}

// One file being imported.
class ticket_file {
public:
    ticket_file(model::database& into, const secrets& keys, const settings& config, model::sys_seconds now,
                const model::import_report& report)
        : database_(into), keys_(keys), config_(config), now_(now), report_(report) {}

    import_counts read(std::istream& from) {
        for (std::string line; std::getline(from, line);) {
            ++counts_.lines;
            if (line.ends_with('\r')) line.pop_back();
            if (!line.empty()) take(line);
            if (waiting_.size() == lines_a_visit) write();
        }
        write();
        return counts_;
    }

private:
    void take(const std::string& line) {
        faults found;
        try {
            if (line.size() > line_limit_bytes) throw malformed("json_too_long");
            auto json = json_body::parse(line);
            auto ticket = check(json, found);
            if (found.empty()) return waiting_.push_back(std::move(ticket));
        } catch (const malformed& error) {
            found.push_back({"line", error.code, {}});
        }
        ++counts_.refused;
        for (const auto& each : found)
            if (report_.bad_line) report_.bad_line(counts_.lines, each.field, each.code);
    }

    imported check(const nlohmann::json& json, faults& found) {
        json_reader line(json, found);
        imported out;
        auto fields = ticket_fields::read(line);
        auto key = line.text("external_id", key_limit);
        if (key.empty() && line.has("external_id")) line.fault("external_id", "empty", "fault.json.missing");
        contact_forms::terms terms;
        terms.channel = line.optional_text("channel", 40).value_or("web_form");
        if (!ticket_fields::is_channel(terms.channel)) line.fault("channel", "unknown", "fault.json.unknown");
        out.received_at = read_time(line, "received_at").value_or(now_);
        out.past = read_history(line);
        line.optional_text("incident", 40); // what it was over there has no number here
        line.finish();
        terms.now = out.received_at;
        terms.is_anonymous = false;
        terms.answer_working_days = config_.answer_working_days;
        terms.implicit_rejection_months = config_.implicit_rejection_months;
        auto checked = contact_forms::check(fields, terms);
        found.insert(found.end(), checked.faults.begin(), checked.faults.end());
        out.contact = std::move(checked.contact);
        out.contact.external_id = std::move(key);
        out.contact.is_silent = true;
        out.contact.name = [this, at = out.received_at] { return follow_up_tokens::draw(keys_, at); };
        return out;
    }

    void write() {
        if (waiting_.empty()) return;
        // The visit may be run again: what it counts is its own.
        auto visit = [this](soci::session& sql) {
            std::int64_t added = 0;
            for (const auto& each : waiting_) added += open(sql, each) ? 1 : 0;
            return added;
        };
        auto added = database_.write_now(visit);
        counts_.added += added;
        counts_.unchanged += static_cast<std::int64_t>(waiting_.size()) - added;
        waiting_.clear();
        if (report_.progress) report_.progress(counts_);
    }

    static bool open(soci::session& sql, const imported& what) {
        if (model::tickets::is_imported(sql, *what.contact.external_id)) return false;
        model::actor who{"citizen", {}, what.contact.requester.name, {}};
        auto opened = model::tickets::open(sql, what.contact, who, what.received_at);
        model::tickets::live_on(sql, opened.id, what.past, what.contact.channel, what.received_at);
        return true;
    }

    model::database& database_;
    const secrets& keys_;
    const settings& config_;
    model::sys_seconds now_;
    const model::import_report& report_;
    import_counts counts_;
    std::vector<imported> waiting_;
};

} // namespace

import_counts import_tickets(model::database& into, const secrets& keys, const settings& config, std::istream& from, model::sys_seconds now,
                             const model::import_report& report) {
    return ticket_file(into, keys, config, now, report).read(from);
}

} // namespace relais::api
