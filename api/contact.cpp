// SPDX-License-Identifier: EUPL-1.2
#include "api/contact.hpp"

#include "api/contact_files.hpp"
#include "api/contact_page.hpp"
#include "api/contact_pressure.hpp"
#include "api/contact_steps.hpp"
#include "api/form_draft.hpp"
#include "api/incident_suggestion.hpp"
#include "api/incident_view.hpp"
#include "api/private_cookie.hpp"
#include "api/settings.hpp"
#include "model/contact_draft.hpp"
#include "model/database.hpp"

#include <algorithm>

namespace relais::api {
namespace {

constexpr std::string_view cookie = "contact";

// What the visit of a step needs, by value: it may be replayed.
struct sent_step {
    int step = 1;
    std::string key, action, removed_file;
    contact_forms::fields fields;
    std::vector<uploaded_file> files;
    contact_forms::terms terms;
};

sent_step read_step(const request& request, const app& app, std::string key) {
    sent_step out;
    out.step = contact_pages::step_of_path(request.path);
    out.key = std::move(key);
    out.action = request.field("go");
    out.removed_file = request.field("remove");
    for (const auto& each : contact_steps::fields())
        if (each.step == out.step) out.fields[std::string(each.name)] = request.field(each.name);
    out.files = request.files;
    out.terms = contact_pages::terms_of(request, app);
    return out;
}

// Values that look odd and whose hint this person has not seen yet; from now on they have.
bool has_new_hints(form_draft& draft, const contact_forms::outcome& found, int step) {
    bool any = false;
    for (const auto& hint : found.hints) {
        if (contact_steps::step_of(hint.field) != step) continue;
        auto& seen = draft.seen[hint.field];
        any = any || seen != draft.fields[hint.field];
        seen = draft.fields[hint.field];
    }
    return any;
}

bool has_faults(const contact_forms::outcome& found, int step) {
    return std::any_of(found.faults.begin(), found.faults.end(),
                       [step](const auto& each) { return contact_steps::step_of(each.field) == step; });
}

// Where to go after a step. Going back keeps what was typed and judges nothing.
std::string decide(form_draft& draft, const sent_step& sent) {
    auto here = std::string(contact_steps::path(sent.step));
    if (sent.action == "back") return std::string(contact_steps::path(std::max(1, sent.step - 1)));
    if (sent.action == "attach" || !sent.removed_file.empty()) return here;
    draft.visited |= 1U << sent.step;
    auto found = contact_forms::check(draft.fields, sent.terms);
    auto is_new = has_new_hints(draft, found, sent.step);
    if (has_faults(found, sent.step) || is_new || !draft.refused_files.empty()) return here;
    return std::string(contact_steps::path(sent.step + 1));
}

reply go(const app& app, std::string_view key, std::string where) {
    auto out = see_other(std::move(where));
    private_cookies::give(out, app.config, cookie, key, model::contact_drafts::kept_s);
    return out;
}

} // namespace

asio::awaitable<reply> show_contact(const request& request, app& app) {
    auto key = private_cookies::get(request, app.config, cookie);
    auto is_new = key.empty();
    if (is_new) key = random_token();
    auto visit = [&keys = app.keys, key, now = request.now](soci::session& sql) { return form_drafts::find(sql, keys, key, now); };
    auto draft = co_await app.database.read(std::move(visit));
    auto out = contact_pages::step(request, app, draft);
    if (draft.exists && contact_pages::step_of_path(request.path) == contact_steps::last) {
        constexpr std::size_t known_limit = 2;
        auto asked = incident_suggestions::of_fields(draft.fields, request.language);
        auto known = co_await incident_suggestions::find(app, std::move(asked), true, known_limit);
        auto through = lens_of(request, app);
        through.sees = {};
        for (const auto& each : known) out.data["known"].push_back(views::public_incident(each, through));
        out.data["has_known"] = !known.empty();
    }
    private_cookies::give(out, app.config, cookie, key, model::contact_drafts::kept_s);
    co_return out;
}

asio::awaitable<reply> take_contact(const request& request, app& app) {
    if (auto wait = contact_pressure::take_step(request, app, !request.files.empty()); wait > 0)
        co_return contact_pages::too_many(request, wait);
    auto key = private_cookies::get(request, app.config, cookie);
    if (!contact_pages::is_ours(request, app, key)) throw model::forbidden("error.form_expired.text");
    if (key.empty()) key = random_token(); // the cookie ran out while the page was open: what was typed goes on under a new one
    auto sent = read_step(request, app, key);
    auto visit = [&keys = app.keys, sent, &config = app.config](soci::session& sql) {
        if (sent.action == "restart") {
            contact_files::drop_all(sql, form_drafts::find(sql, keys, sent.key, sent.terms.now));
            model::contact_drafts::remove(sql, sha256_hex(sent.key));
            return std::string(contact_steps::path(1));
        }
        auto draft = form_drafts::find(sql, keys, sent.key, sent.terms.now);
        for (const auto& [name, value] : sent.fields) draft.fields[name] = value;
        if (sent.step == contact_steps::files_step)
            contact_files::take(sql, keys, config, draft, sent.files, sent.removed_file, sent.terms.now);
        auto where = decide(draft, sent);
        form_drafts::save(sql, keys, draft, sent.terms.now);
        return where;
    };
    auto where = co_await app.database.write(std::move(visit));
    co_return go(app, key, std::move(where));
}

} // namespace relais::api
