// SPDX-License-Identifier: EUPL-1.2
#include "server/share_mail.hpp"

#include "api/share_access.hpp"
#include "api/share_feed.hpp"
#include "api/share_view.hpp"
#include "api/share_workbook.hpp"

namespace relais::server::share_mails {

nlohmann::json values(const model::weekly_share& share, const api::settings& config, const api::catalogue& texts,
                      const std::string& language, const std::string& token) {
    api::lens through;
    through.texts = &texts, through.language = language, through.for_people = true;
    return {{"week", share.week},
            {"period", api::views::week_words(share.from_at, share.until_at, through)},
            {"summary", api::share_feed::summary(share, through)},
            {"sha256", share.sha256},
            {"link", api::share_tokens::url(config.base_url, token)}};
}

mail_attachment attachment(const model::weekly_share& share, const api::catalogue& texts, const std::string& language) {
    return {"partage-" + share.week + ".xlsx", api::share_workbook::media_type, api::share_workbook::make(share, texts, language)};
}

} // namespace relais::server::share_mails
