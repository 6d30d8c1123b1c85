// SPDX-License-Identifier: EUPL-1.2
#include "api/participants.hpp"

#include "api/follow_up_token.hpp"
#include "api/parameters.hpp"
#include "api/participant_view.hpp"
#include "api/ticket_change.hpp"
#include "api/time_text.hpp"
#include "api/view_text.hpp"
#include "api/write_once.hpp"
#include "model/calendar.hpp"
#include "model/citizen.hpp"
#include "model/database.hpp"
#include "model/email_address.hpp"
#include "model/error.hpp"
#include "model/participant.hpp"
#include "model/phone.hpp"
#include "model/text.hpp"

#include <date/date.h>

#include <algorithm>

namespace relais::api {

namespace {

using model::tickets::action;
using ticket_changes::change;

constexpr std::size_t name_limit = 200; // code points
constexpr int created = 201;
constexpr auto longest = std::chrono::hours(24 * 366 * 5);

// Reads what was given about somebody, and tells all the faults at once.
class reader {
public:
    reader(const action_fields& given, std::chrono::sys_seconds now) : given_(given), now_(now) {}

    model::participant read() {
        out_.role = given_.text("role");
        if (std::find(std::begin(model::participants::roles), std::end(model::participants::roles), out_.role) ==
            std::end(model::participants::roles))
            refuse("role", "role");
        out_.name = keep("name", "text", model::text::check_line(given_.text("name"), name_limit));
        if (out_.name.empty()) refuse("name", "name_missing");
        if (given_.flag("email")) out_.email = keep("email", "email_address", model::email_addresses::check(given_.text("email")));
        if (given_.flag("phone")) out_.phone = keep("phone", "phone", model::phones::check(given_.text("phone")));
        if (!given_.flag("email") && !given_.flag("phone")) refuse("email", "no_way");
        if (given_.flag("language")) out_.language = given_.text("language");
        if (out_.language != "fr" && out_.language != "en") refuse("language", "language");
        if (given_.flag("until")) read_until();
        if (!faults_.empty()) throw model::invalid(std::move(faults_));
        return std::move(out_);
    }

private:
    void refuse(std::string field, std::string code) {
        auto message = "fault.participant." + code;
        faults_.push_back({std::move(field), std::move(code), std::move(message)});
    }
    std::string keep(const char* field, std::string_view noun, const model::checked& value) {
        if (!value.accepted()) faults_.push_back(model::fault(field, noun, value));
        return value.normalised;
    }
    // The whole of the last day, on the clock of Paris.
    void read_until() {
        auto day = time_text::parse(given_.text("until"));
        if (!day || given_.text("until").size() != 10) return refuse("until", "until");
        auto next = date::local_days(date::floor<date::days>(*day).time_since_epoch()) + date::days(1);
        out_.ends_at = model::calendars::instant(view_text::paris, date::local_seconds(next));
        if (*out_.ends_at <= now_ || *out_.ends_at > now_ + longest) refuse("until", "until");
    }

    const action_fields& given_;
    std::chrono::sys_seconds now_;
    model::participant out_;
    std::vector<model::field_fault> faults_;
};

std::string link_hash(const secrets& keys, const std::string& code, std::int64_t generation) {
    return follow_up_tokens::hash(follow_up_tokens::make(keys, code, generation));
}

std::int64_t participant_of(const request& request) { return parameters::number_of(request.capture(1)).value_or(-1); }

asio::awaitable<reply> act(const request& request, app& app, const action_fields& given, std::string_view done, change what) {
    auto out = co_await ticket_changes::act(request, app, given, done, std::move(what));
    app.wake_mailer();
    co_return out;
}

} // namespace

asio::awaitable<reply> list_participants(const request& request, app& app) {
    auto look = [reference = ticket_reference(request)](soci::session& sql) { return participant_views::read(sql, reference); };
    auto seen = co_await app.database.read(std::move(look));
    co_return json({{"items", participant_views::people(seen, lens_of(request, app))}, {"next", nullptr}});
}

asio::awaitable<reply> post_participant(const request& request, app& app) {
    action_fields given(request, {"role", "name", "email", "phone", "language", "until"});
    auto through = lens_of(request, app);
    make_visit prepare = [&] {
        auto what = reader(given, request.now).read();
        what.code = model::participants::draw_code();
        auto hash = link_hash(app.keys, what.code, what.link_generation);
        return std::function<reply(soci::session&)>([by = ticket_changes::action_of(request), what, hash, through](soci::session& sql) {
            auto id = model::participants::add(sql, by, what, hash);
            auto on = model::tickets::get(sql, by.reference);
            auto out = json(participant_views::one(*model::participants::find(sql, id), through), created);
            out.headers.emplace_back("ETag", ticket_etag(on.version));
            out.headers.emplace_back("Location", "/api/v1/tickets/" + on.reference + "/participants");
            return out;
        });
    };
    auto [out, refused] = co_await attempt_once(request, app, std::move(prepare));
    if (refused) co_return co_await show_refused(request, app, given, refused);
    app.wake_mailer();
    if (request.wants_json()) co_return std::move(out);
    co_return see_other("/console/tickets/" + ticket_reference(request) + "?done=person_added#people-title");
}

asio::awaitable<reply> post_participant_link(const request& request, app& app) {
    action_fields given(request, {});
    change what = [id = participant_of(request), &keys = app.keys](soci::session& sql, const action& by) {
        model::participants::renew_link(
            sql, by, id, [&keys](const std::string& code, std::int64_t generation) { return link_hash(keys, code, generation); });
    };
    co_return co_await act(request, app, given, "person_link", std::move(what));
}

asio::awaitable<reply> remove_participant(const request& request, app& app) {
    action_fields given(request, {});
    change what = [id = participant_of(request)](soci::session& sql, const action& by) { model::participants::end(sql, by, id); };
    co_return co_await act(request, app, given, "person_removed", std::move(what));
}

} // namespace relais::api
