// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_composer.hpp"

#include "api/notice_text.hpp"
#include "api/view_text.hpp"
#include "model/department.hpp"
#include "server/callback_mail.hpp"
#include "server/mail_message.hpp"
#include "server/share_mail.hpp"

#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace relais::server {
namespace {

namespace fs = std::filesystem;
using kainjow::mustache::data;

constexpr std::string_view left_out = "***";

// Empty texts, null and false are false in a section, as in the pages.
data to_data(const nlohmann::json& value) {
    if (value.is_object()) {
        data out{data::type::object};
        for (const auto& [name, member] : value.items()) out.set(name, to_data(member));
        return out;
    }
    if (value.is_boolean()) return data{value.get<bool>()};
    if (value.is_null()) return data{false};
    auto text = value.is_string() ? value.get<std::string>() : value.dump();
    return text.empty() ? data{false} : data{text};
}

std::string render(const std::string& source, const nlohmann::json& values) {
    kainjow::mustache::mustache page{source};
    page.set_custom_escape([](const std::string& text) { return text; }); // plain text: there is nothing to escape
    auto out = page.render(to_data(values));
    if (!page.is_valid()) throw std::runtime_error("a mail template is not valid: " + page.error_message());
    return out;
}

std::string read_file(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) throw std::runtime_error("The mail template " + file.string() + " cannot be read.");
    return {std::istreambuf_iterator<char>{in}, {}};
}

// A line that holds one section tag and nothing else leaves no line behind, whether its section is shown or not: kainjow leaves one when it
// is not.
std::string join_tag_lines(const std::string& source) {
    std::string out;
    for (std::size_t start = 0; start < source.size();) {
        auto end = std::min(source.find('\n', start), source.size());
        auto line = std::string_view{source}.substr(start, end - start);
        auto is_tag =
            line.starts_with("{{") && line.find("}}") + 2 == line.size() && std::string_view{"#^/"}.find(line[2]) != std::string_view::npos;
        out += line;
        if (!is_tag && end < source.size()) out += '\n';
        start = end + 1;
    }
    return out;
}

nlohmann::json service_of(const api::service_identity& it) {
    return {{"name", it.name},   {"postal_address", it.postal_address},           {"email", it.email},
            {"phone", it.phone}, {"phone_from_overseas", it.phone_from_overseas}, {"hours", it.hours}};
}

// Acknowledgements and codes expect no answer, and a report of their failure would come to nobody (RFC 3834).
bool is_from_nobody(std::string_view kind) { return kind == "acknowledgement" || kind == "code"; }

std::string auto_submitted(std::string_view kind) {
    if (kind == "acknowledgement") return "auto-replied";
    return kind == "reply" || kind == "participant_message" || kind == "call_trace" ? "" : "auto-generated"; // a person wrote those
}

// What a colleague is told; null in every other mail.
nlohmann::json notice_of(const model::outgoing_mail& row) {
    if (row.kind != "staff_notice") return nullptr;
    return nlohmann::json::parse(row.payload).at("notice");
}

// What the link and the address of answers are made from: the participant's own, or the requester's.
const std::string& link_name(const model::mail_facts& facts) {
    return facts.participant_code.empty() ? facts.reference : facts.participant_code;
}

std::string row_id(const model::outgoing_mail& row) { return std::to_string(row.id) + "." + row.mail_message_id; }

// The hour where the person is, when it is not that of Paris.
std::string local_moment(const api::catalogue& texts, const std::string& language, const model::mail_facts& facts) {
    const auto* where = model::departments::find(facts.department);
    if (!where) return {};
    auto local = api::view_text::moment(texts, language, facts.received_at, where->zone);
    return local == api::view_text::moment(texts, language, facts.received_at) ? std::string{} : local;
}

} // namespace

mail_composer::mail_composer(const api::settings& config, const api::catalogue& texts, identity from, token_function token,
                             share_token_function share_token)
    : config_{config}, texts_{texts}, from_{std::move(from)}, token_{std::move(token)}, share_token_{std::move(share_token)} {
    if (from_.name.empty()) from_.name = config.service.name;
    if (from_.address.empty()) from_.address = config.service.email;
    if (!mails::is_address(from_.address))
        throw std::runtime_error("Mails cannot be sent from " + from_.address + ": it is not a mail address.");
    if (from_.host.empty()) from_.host = from_.address.substr(from_.address.rfind('@') + 1);
    for (const auto& file : fs::directory_iterator{fs::path{config.share_dir} / "templates" / "mail"})
        if (file.path().extension() == ".txt") templates_.emplace(file.path().stem().string(), join_tag_lines(read_file(file.path())));
    for (const auto& [name, source] : templates_)
        for (auto language : api::languages)
            if (!templates_.contains(name.substr(0, name.find('.') + 1) + std::string{language}))
                throw std::runtime_error("The mail template " + name + " is in one language only.");
}

mail_composer::~mail_composer() = default;

bool mail_composer::has(std::string_view kind) const { return templates_.contains(std::string{kind} + ".fr"); }

std::string mail_composer::message_id(const std::string& row_and_random) const { return row_and_random + "@" + from_.host; }

std::string mail_composer::text(const model::outgoing_mail& row, const model::mail_facts& facts, bool with_secrets) const {
    auto found = templates_.find(row.kind + "." + row.language);
    if (found == templates_.end()) found = templates_.find(row.kind + ".fr");
    if (found == templates_.end()) throw std::runtime_error("There is no mail template for " + row.kind + ".");
    auto payload = nlohmann::json::parse(row.payload, nullptr, false);
    auto secret = [&](const std::string& value) { return with_secrets ? value : std::string{left_out}; };
    auto day = [&](const std::string& date) { return date.empty() ? date : api::view_text::day(texts_, row.language, date); };
    auto moment_in = [&](const nlohmann::json& from, const char* name) {
        auto at = from.is_object() ? from.value(name, std::int64_t{0}) : 0;
        return at == 0 ? std::string{} : api::view_text::moment(texts_, row.language, model::at_seconds(at));
    };
    auto is_information = facts.legal_nature == "information";
    nlohmann::json values{
        {"reference", facts.reference},
        {"received", api::view_text::moment(texts_, row.language, facts.received_at)},
        {"local", local_moment(texts_, row.language, facts)},
        {"is_information", is_information},
        {"is_complaint", facts.legal_nature == "complaint"},
        {"is_request", !is_information && facts.legal_nature != "complaint"},
        {"answer_before", day(facts.answer_before)},
        {"implicit_on", is_information ? std::string{} : day(facts.implicit_on)},
        {"service", service_of(config_.service)},
        {"privacy", config_.base_url + "/donnees-personnelles"},
        {"body", facts.body},
        {"author", facts.author},
        {"forwarded_to", facts.forwarded_to},
        {"participant", facts.participant},
        {"role", facts.role.empty() ? std::string{} : texts_.get(row.language, "participant_role." + facts.role)},
        {"requester", facts.requester},
        {"said", payload.is_object() ? payload.value("said", std::string{}) : std::string{}},
        {"is_answer", payload.is_object() && payload.value("is_answer", false)},
        {"called", moment_in(payload, "called_at")},
        {"code", secret(payload.is_object() ? payload.value("code", std::string{}) : std::string{})},
        {"incident", {{"number", std::to_string(facts.incident)}, {"title", facts.incident_title}}},
    };
    if (auto callback = callback_mails::part_of(row)) values["callback"] = callback_mails::values(*callback, config_, texts_, row.language);
    if (payload.is_object() && payload.contains("token"))
        values["stop_link"] = config_.base_url + "/incidents/arret/" + secret(payload.value("token", std::string{}));
    if (facts.share)
        values["share"] =
            share_mails::values(*facts.share, config_, texts_, row.language, secret(share_token_(facts.share->week, row.recipient)));
    if (auto notice = notice_of(row); !notice.is_null())
        values["notice"] = {{"words", api::notice_texts::say(texts_, row.language, notice.value("kind", ""), notice["about"])},
                            {"reference", notice["reference"]},
                            {"link", config_.base_url + "/console/tickets/" + notice.value("reference", "")}};
    values["can_reply"] = !reply_to(row, facts).empty();
    if (!facts.reference.empty())
        values["link"] = config_.base_url + "/suivi/" + secret(token_(link_name(facts), facts.follow_up_generation));
    return render(found->second, values);
}

std::string mail_composer::preview(const model::outgoing_mail& row, const model::mail_facts& facts) const {
    return subject({row}, facts) + "\n\n" + text(row, facts, false);
}

std::string mail_composer::subject(const model::outgoing_group& group, const model::mail_facts& facts) const {
    auto key = "mail.subject." + group.front().kind;
    if (group.size() > 1)
        key += "_several";
    else if (group.front().kind == "acknowledgement" && callback_mails::part_of(group.front()))
        key += "_callback";
    auto notice = notice_of(group.front());
    return texts_.say(group.front().language, key,
                      {{"reference", notice.is_null() ? facts.reference : notice.value("reference", "")},
                       {"count", group.size()},
                       {"incident", facts.incident},
                       {"week", facts.share ? facts.share->week : ""}});
}

// A code or an alert expects no answer; a letter to several tickets at once has no one to answer to.
std::string mail_composer::reply_to(const model::outgoing_mail& row, const model::mail_facts& facts) const {
    if (!from_.reply_to || facts.reference.empty() || row.kind == "code") return {};
    return from_.reply_to(link_name(facts), facts.follow_up_generation);
}

composed_mail mail_composer::compose(const model::outgoing_group& group, const std::vector<model::mail_facts>& facts,
                                     model::sys_seconds now) const {
    const auto& first = group.front();
    mail letter;
    letter.from_name = from_.name;
    letter.from_address = from_.address;
    letter.to_address = first.recipient;
    letter.subject = subject(group, facts.front());
    letter.message_id = message_id(row_id(first));
    letter.auto_submitted = auto_submitted(first.kind);
    letter.date = model::seconds(now);
    if (group.size() == 1) letter.reply_to = reply_to(first, facts.front());
    if (!facts.front().first_mail.empty()) letter.references = letter.in_reply_to = message_id(facts.front().first_mail);

    for (std::size_t i = 0; i < group.size(); ++i)
        if (auto file = callback_mails::calendar(group[i], facts[i].reference, config_, texts_))
            letter.attachments.push_back(std::move(*file));
    if (facts.front().share) letter.attachments.push_back(share_mails::attachment(*facts.front().share, texts_, first.language));

    auto written = [&](bool with_secrets) {
        letter.text.clear();
        for (std::size_t i = 0; i < group.size(); ++i) {
            if (i > 0) letter.text += "\n" + std::string(72, '-') + "\n\n";
            letter.text += text(group[i], facts[i], with_secrets);
        }
        return mails::write(letter);
    };
    composed_mail out;
    // What cannot be delivered is told to the ticket's own address, where it becomes a flag.
    out.sender = is_from_nobody(first.kind) ? "" : letter.reply_to.empty() ? from_.address : letter.reply_to;
    out.recipient = first.recipient;
    out.message_id = letter.message_id;
    out.at = model::seconds(first.created_at);
    out.bytes = written(true);
    out.copy = written(false);
    return out;
}

} // namespace relais::server
