// SPDX-License-Identifier: EUPL-1.2
#include "api/contact_files.hpp"

#include "api/view_text.hpp"
#include "model/citizen.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace relais::api::contact_files {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> endings = {{
    {".pdf", "application/pdf"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".png", "image/png"},
    {".heic", "image/heic"},
    {".heif", "image/heic"},
    {".webp", "image/webp"},
    {".odt", "application/vnd.oasis.opendocument.text"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".txt", "text/plain"},
    {".text", "text/plain"},
}};

// A script is plain text too: it is taken only under a name that opens as text on the colleague's machine.
bool name_tells_type(std::string_view name, std::string_view media_type) {
    auto dot = name.rfind('.');
    auto ending = model::citizens::lower_ascii(dot == std::string_view::npos ? "" : name.substr(dot));
    return std::any_of(endings.begin(), endings.end(), [&](const auto& each) { return each.first == ending && each.second == media_type; });
}

} // namespace

std::string refusal(const settings& config, const uploaded_file& file, const std::vector<model::attachment>& beside) {
    std::int64_t total = file.size_bytes;
    for (const auto& each : beside) total += each.size_bytes;
    if (file.size_bytes == 0) return "fault.files.empty";
    if (!name_tells_type(file.display_name, file.media_type)) return "fault.files.type";
    if (file.size_bytes > config.attachment_size_bytes) return "fault.files.size";
    if (beside.size() >= static_cast<std::size_t>(config.attachments_count)) return "fault.files.count";
    return total > config.attachments_total_bytes ? "fault.files.total" : "";
}

void keep(soci::session& sql, const secrets& keys, const settings& config, const uploaded_file& file, std::string_view draft_key,
          std::chrono::sys_seconds now) {
    model::attachment row;
    row.public_id = random_token(16);
    row.draft_key = draft_key;
    row.display_name = file.display_name;
    row.media_type = file.media_type;
    row.size_bytes = file.size_bytes;
    row.sha256 = file.sha256;
    row.storage_name = file.storage_name;
    row.scan_state = config.attachments_scanned ? "pending" : "unscanned";
    row.created_at = now;
    model::attachments::add(sql, row, keys.seal("attachment", file.key));
}

void take(soci::session& sql, const secrets& keys, const settings& config, form_draft& draft, const std::vector<uploaded_file>& files,
          const std::string& removed, std::chrono::sys_seconds now) {
    draft.refused_files.clear();
    if (!removed.empty()) {
        model::attachments::remove_draft(sql, draft.key_hash(), removed);
        draft.files = model::attachments::drafts(sql, draft.key_hash());
    }
    for (const auto& file : files) {
        // A file input left empty comes as a file without name nor bytes.
        if (file.size_bytes == 0 && file.display_name.empty()) continue;
        auto why = refusal(config, file, draft.files);
        if (!why.empty()) {
            draft.refused_files.push_back(why + "\n" + file.display_name); // its bytes have no row: they are swept
            continue;
        }
        keep(sql, keys, config, file, draft.key_hash(), now);
        draft.files = model::attachments::drafts(sql, draft.key_hash());
    }
}

void drop_all(soci::session& sql, const form_draft& draft) {
    for (const auto& file : draft.files) model::attachments::remove_draft(sql, draft.key_hash(), file.public_id);
}

nlohmann::json shown(const std::vector<model::attachment>& files, const catalogue& texts, std::string_view language) {
    auto out = nlohmann::json::array();
    for (const auto& file : files)
        out.push_back({{"name", file.display_name},
                       {"size", view_text::file_size(texts, language, file.size_bytes)},
                       {"public_id", file.public_id},
                       {"is_held", file.scan_state == "pending"},
                       {"is_infected", file.scan_state == "infected"},
                       {"is_available", file.scan_state != "pending" && file.scan_state != "infected"}});
    return out;
}

} // namespace relais::api::contact_files
