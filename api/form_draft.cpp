// SPDX-License-Identifier: EUPL-1.2
#include "api/form_draft.hpp"

#include "model/contact_draft.hpp"

#include <stdexcept>

namespace relais::api::form_drafts {
namespace {

std::string opened(const secrets& keys, std::string_view sealed) {
    try {
        return keys.open("draft", sealed);
    } catch (const std::runtime_error&) {
        return {};
    }
}

} // namespace

form_draft find(soci::session& sql, const secrets& keys, const std::string& key, std::chrono::sys_seconds now) {
    form_draft out;
    out.key = key;
    out.id = random_token(16);
    if (key.empty()) return out;
    auto row = model::contact_drafts::find(sql, out.key_hash(), now);
    if (!row) return out;
    auto content = nlohmann::json::parse(opened(keys, row->sealed), nullptr, false);
    if (content.is_discarded()) return out; // sealed with a key that is no longer ours: the person begins again
    content.at("id").get_to(out.id);
    content.at("fields").get_to(out.fields);
    content.at("seen").get_to(out.seen);
    content.at("visited").get_to(out.visited);
    content.at("refused_files").get_to(out.refused_files);
    content.at("wait_until").get_to(out.wait_until);
    out.exists = true;
    out.begun_at = row->created_at;
    out.files = model::attachments::drafts(sql, out.key_hash());
    return out;
}

void save(soci::session& sql, const secrets& keys, const form_draft& draft, std::chrono::sys_seconds now) {
    nlohmann::json content = {{"id", draft.id},
                              {"fields", draft.fields},
                              {"seen", draft.seen},
                              {"visited", draft.visited},
                              {"refused_files", draft.refused_files},
                              {"wait_until", draft.wait_until}};
    model::contact_drafts::save(sql, draft.key_hash(), keys.seal("draft", content.dump()), now);
}

std::string token(const secrets& keys, std::string_view key) { return keys.sign("form", key); }

} // namespace relais::api::form_drafts
