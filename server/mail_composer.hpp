// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/settings.hpp"
#include "model/outgoing_mail.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

// A message ready to leave, and what is kept of it.
struct composed_mail {
    std::string sender; // of the envelope; empty: "<>", nothing ever comes back
    std::string recipient;
    std::string message_id;
    std::int64_t at = 0; // seconds, UTC: when the row was written, the same at each attempt
    std::string bytes;   // what leaves
    std::string copy;    // the same with the links' tokens and the codes left out
};

// Makes the mails from templates/mail/<kind>.<language>.txt and the subjects from templates/locales (mail.subject.<kind>).
// Values are put in as they are, and only once: no text is ever read as a template.
class mail_composer {
public:
    // The token of a ticket's follow-up link, made again from the server's key.
    using token_function = std::function<std::string(const std::string& reference, std::int64_t generation)>;

    struct identity {
        std::string name;    // From; empty: the service's
        std::string address; // From, and the sender of the envelope; empty: the service's
        std::string host;    // right part of Message-ID; empty: that of the address
        // Where answers and reports about a ticket's mails go; nothing: answers go to the address.
        std::function<std::string(const std::string& reference, std::int64_t generation)> reply_to = {};
    };

    // Throws: std::runtime_error, when a template cannot be read or is in one language only.
    // share_token: of the link of a weekly share, from its week and its recipient.
    using share_token_function = std::function<std::string(const std::string& week, const std::string& recipient)>;
    mail_composer(const api::settings& config, const api::catalogue& texts, identity from, token_function token,
                  share_token_function share_token = {});
    ~mail_composer();

    // One message for a row, or for the acknowledgements of a group. facts: one for each row, in order.
    // Throws: std::runtime_error, when there is no template for the kind; std::invalid_argument, when the recipient is no address.
    composed_mail compose(const model::outgoing_group& group, const std::vector<model::mail_facts>& facts, model::sys_seconds now) const;

    // The subject, an empty line and the text that a row would leave with, its secrets left out: to be read before it does.
    std::string preview(const model::outgoing_mail& row, const model::mail_facts& facts) const;

    bool has(std::string_view kind) const;

private:
    std::string text(const model::outgoing_mail& row, const model::mail_facts& facts, bool with_secrets) const;
    std::string subject(const model::outgoing_group& group, const model::mail_facts& facts) const;
    std::string reply_to(const model::outgoing_mail& row, const model::mail_facts& facts) const;
    std::string message_id(const std::string& row_and_random) const;

    const api::settings& config_;
    const api::catalogue& texts_;
    identity from_;
    token_function token_;
    share_token_function share_token_;
    std::map<std::string, std::string, std::less<>> templates_; // by "kind.language"
};

} // namespace relais::server
