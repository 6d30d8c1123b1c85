// SPDX-License-Identifier: EUPL-1.2
#include "server/inbound_service.hpp"

#include "api/contact_files.hpp"
#include "api/reply_address.hpp"
#include "model/citizen.hpp"
#include "model/file_name.hpp"
#include "model/file_type.hpp"
#include "model/participant.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"
#include "model/ticket.hpp"
#include "server/inbound_text.hpp"

#include <algorithm>
#include <vector>

namespace relais::server {

namespace {

constexpr std::string_view kept = "250 2.0.0 kept", later = "451 4.7.1 too many for today", unknown = "550 5.1.1 no such address here";

// As text of ours: what is no UTF-8 becomes a question mark, control characters go, and the rest is bounded.
std::string clean(std::string text, std::size_t limit) {
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t'; });
    if (auto good = model::text::clean_message(text, limit)) return *good;
    if (text.size() > limit) text.resize(limit); // too long in code points is too long in bytes
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
    if (auto good = model::text::clean_message(text, limit)) return *good + "\n[…]";
    for (auto& c : text)
        if ((static_cast<unsigned char>(c) & 0x80) != 0) c = '?';
    return model::text::clean_message(text, limit).value_or("");
}

// Files written to the store, taken back unless they were kept.
class stored_files {
public:
    explicit stored_files(model::attachment_store& store) : store_(store) {}
    ~stored_files() {
        if (is_kept_) return;
        for (const auto& each : files) store_.remove(each.storage_name);
    }
    stored_files(const stored_files&) = delete;
    stored_files& operator=(const stored_files&) = delete;

    void add(const inbound_file& from) {
        auto writer = store_.create();
        writer->write(from.content);
        auto stored = writer->finish();
        api::uploaded_file file;
        file.display_name = model::file_names::safe(from.name);
        file.storage_name = std::move(stored.storage_name), file.key = std::move(stored.key);
        file.media_type = model::media_type_of(from.content).value_or("");
        file.sha256 = std::move(stored.sha256), file.size_bytes = stored.size_bytes;
        files.push_back(std::move(file));
    }
    void keep() { is_kept_ = true; }
    std::vector<api::uploaded_file> files;

private:
    model::attachment_store& store_;
    bool is_kept_ = false;
};

// The same checks as a file sent with the form, beside those that the ticket has; what is refused is said in the message, by name.
std::string add_files(const api::settings& config, const inbound_mail& mail, std::vector<model::attachment> beside, stored_files& to) {
    std::string refused;
    for (const auto& each : mail.files) {
        api::uploaded_file claim;
        claim.display_name = model::file_names::safe(each.name);
        claim.media_type = model::media_type_of(each.content).value_or("");
        claim.size_bytes = static_cast<std::int64_t>(each.content.size());
        if (!api::contact_files::refusal(config, claim, beside).empty()) {
            refused += "\n[Pièce jointe non reprise : " + claim.display_name + "]";
            continue;
        }
        to.add(each);
        model::attachment taken;
        taken.size_bytes = claim.size_bytes;
        beside.push_back(taken);
    }
    return refused;
}

struct author {
    std::string name, email;
};

// Who has this address of ours, and so is expected to write to it.
author expected_author(soci::session& sql, const model::inbound_receipts::addressed& to) {
    if (to.participant_id) {
        auto who = model::participants::get(sql, to.ticket_id, *to.participant_id);
        return {who.name, who.email};
    }
    auto requester = model::citizens::get(sql, model::tickets::get(sql, to.ticket_id).requester_id);
    return {requester.name, requester.email};
}

} // namespace

std::optional<model::inbound_receipts::addressed> inbound_service::whose(const std::string& recipient) const {
    auto named = api::reply_addresses::read(keys_, how_.base, recipient);
    if (!named) return std::nullopt;
    auto find = [&](soci::session& sql) {
        return model::inbound_receipts::find(sql, named->reference, named->generation, config_.follow_up_days, now_());
    };
    return database_.read_now(find);
}

bool inbound_service::is_known(const std::string& recipient) const { return whose(recipient).has_value(); }

std::string inbound_service::take(const lmtp_session::message& letter) {
    auto to = whose(letter.recipient);
    if (!to) return std::string(unknown); // it was closed for good meanwhile
    auto mail = inbound_mails::read(letter.bytes);
    auto what = inbound_mails::kind_of(mail, letter.sender, how_.own_host);
    auto name = std::to_string(to->ticket_id) + (to->participant_id ? "/" + std::to_string(*to->participant_id) : "");
    auto key =
        api::sha256_hex(name + ":" + (mail.message_id.empty() ? api::sha256_hex(letter.bytes) : mail.message_id + ":" + mail.from_address));
    return keep(*to, key, mail, what);
}

std::string inbound_service::keep(const model::inbound_receipts::addressed& to, const std::string& key, const inbound_mail& mail,
                                  inbound_mails::kind what) {
    auto look = [&](soci::session& sql) {
        return std::tuple(model::inbound_receipts::is_known(sql, key), model::inbound_receipts::is_flooded(sql, to.ticket_id, now_()),
                          expected_author(sql, to), model::attachments::of(sql, to.ticket_id));
    };
    auto [is_known, is_flooded, expected, beside] = database_.read_now(look);
    if (is_known) return std::string(kept); // our answer was lost on the way
    auto is_message = what == inbound_mails::kind::message;
    if (is_message && is_flooded) return std::string(later);

    model::received_mail out;
    out.ticket_id = to.ticket_id, out.participant_id = to.participant_id, out.key = key, out.outcome = inbound_mails::word(what),
    out.status = clean(mail.status, 20);
    stored_files files(store_);
    if (is_message) {
        auto parts = inbound_texts::fold(clean(mail.text, model::text::message_limit));
        out.body = model::sensitive::mask(parts.fresh) + add_files(config_, mail, std::move(beside), files);
        out.quoted = model::sensitive::mask(parts.quoted);
        auto is_expected = model::citizens::lower_ascii(mail.from_address) == model::citizens::lower_ascii(expected.email);
        out.author = is_expected ? expected.name : clean(mail.from_address, 200);
        if (out.body.empty()) out.body = files.files.empty() ? "[Message vide]" : "[Pièces jointes seules]";
        if (!files.files.empty()) out.draft_key = api::sha256_hex(api::random_token());
    }
    auto now = now_();
    auto keep_files = [&](soci::session& sql) {
        for (const auto& each : files.files) api::contact_files::keep(sql, keys_, config_, each, out.draft_key, now);
    };
    if (database_.write_now([&](soci::session& sql) { return model::inbound_receipts::keep(sql, out, keep_files, now); })) files.keep();
    return std::string(kept);
}

} // namespace relais::server
