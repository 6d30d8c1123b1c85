// SPDX-License-Identifier: EUPL-1.2
#include "api/share_feed.hpp"

#include "api/share_text.hpp"
#include "api/share_view.hpp"
#include "api/view_text.hpp"

#include <algorithm>

namespace relais::api::share_feed {

namespace {

using json = nlohmann::json;
constexpr int entries = 20;
// Under most headings a few are examples; whatever was handed over, came back or waits for a rule is named.
constexpr std::size_t named_incidents = 5;
bool names_all(std::string_view heading) { return heading == "escalated" || heading == "legal" || heading == "regressed"; }

std::string escaped(std::string_view text) {
    std::string out;
    for (char each : text) {
        if (each == '&')
            out += "&amp;";
        else if (each == '<')
            out += "&lt;";
        else if (each == '>')
            out += "&gt;";
        else if (each == '"')
            out += "&quot;";
        else
            out += each;
    }
    return out;
}

std::string title_of(const json& incidents, const json& number, const lens& through) {
    for (const auto& each : incidents)
        if (each["number"] == number) return each["number"].dump() + ". " + views::share_title(each, through);
    return number.dump();
}

} // namespace

std::vector<model::weekly_share> read(soci::session& sql) {
    std::vector<model::weekly_share> out;
    for (const auto& each : model::weekly_shares::list(sql, "", entries)) out.push_back(model::weekly_shares::get(sql, each.id));
    return out;
}

std::string summary(const model::weekly_share& share, const lens& through) {
    auto body = json::parse(share.body);
    auto say = [&](const std::string& key, const json& values = json::object()) {
        return through.texts->say(through.language, key, values);
    };
    auto out = say("share.summary.volume", {{"received", share_text::count(body["volumes"]["received"], *through.texts, through.language)},
                                            {"closed", share_text::count(body["volumes"]["closed"], *through.texts, through.language)},
                                            {"open", body["sections"]["open"]}}) +
               "\n";
    if (!body["decisions"].empty()) out += say("share.summary.decisions", {{"count", body["decisions"].size()}}) + "\n";
    for (const char* heading : {"regressed", "bursting", "new", "escalated", "fixed", "closed", "legal"}) {
        const auto& numbers = body["sections"][heading];
        if (numbers.empty()) continue;
        out += "\n" + say(std::string("share.heading.") + heading) + " (" + std::to_string(numbers.size()) + ")\n";
        auto named = names_all(heading) ? numbers.size() : std::min(numbers.size(), named_incidents);
        for (std::size_t i = 0; i < named; ++i) out += "- " + title_of(body["incidents"], numbers[i], through) + "\n";
    }
    std::string missed;
    for (const auto& each : body["figures"]) {
        if (each["is_met"] != false) continue;
        auto id = each["id"].get<std::string>();
        const auto* definition = model::figures::find(id);
        if (!definition) continue;
        missed += "- " + share_text::code(id) + " " + share_text::name(id, *through.texts, through.language) + " : " +
                  share_text::value(*definition, each["value"].get<double>(), through.language) + " (" +
                  share_text::target(*definition, *through.texts, through.language) + ")\n";
    }
    if (!missed.empty()) out += "\n" + say("share.summary.missed") + "\n" + missed;
    return out;
}

std::string write(const std::vector<model::weekly_share>& all, std::string_view base_url, std::string_view path, const lens& through) {
    auto base = std::string(base_url);
    auto title = through.texts->say(through.language, "share.feed_title", json::object());
    auto updated = all.empty() ? through.now : all.front().made_at;
    auto out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"" + through.language +
               "\">\n<title>" + escaped(title) + "</title>\n<id>" + escaped(base) + "/console/shares</id>\n<link rel=\"self\" href=\"" +
               escaped(base + std::string(path)) + "\"/>\n<updated>" + view_text::rfc3339(updated) + "</updated>\n<author><name>" +
               escaped(through.texts->say(through.language, "share.feed_author", json::object())) + "</name></author>\n";
    for (const auto& each : all)
        out += "<entry>\n<title>" + escaped(each.week + ", " + views::week_words(each.from_at, each.until_at, through)) +
               "</title>\n<id>urn:sha256:" + each.sha256 + "</id>\n<link href=\"" + escaped(base) + "/console/shares/" + each.week +
               "\"/>\n<updated>" + view_text::rfc3339(each.made_at) + "</updated>\n<summary type=\"text\">" +
               escaped(summary(each, through)) + "</summary>\n</entry>\n";
    return out + "</feed>\n";
}

reply file(const std::vector<model::weekly_share>& all, std::string_view base_url, std::string_view path, lens through) {
    through.for_people = true;
    reply out;
    out.content_type = "application/atom+xml; charset=utf-8", out.text = write(all, base_url, path, through);
    return out;
}

} // namespace relais::api::share_feed
