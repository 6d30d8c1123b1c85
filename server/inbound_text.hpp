// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>

// What a person wrote in a mail, and what their mail program put around it. Pure; linear in the text; takes any bytes.
namespace relais::server::inbound_texts {

struct folded {
    std::string fresh;  // what is new, trimmed
    std::string quoted; // the message answered, as it was quoted; may be empty
};

// Parts an answer from what it quotes: from the line that introduces the quotation ("Le ... a écrit :", "On ... wrote:", "-----Message
// d'origine-----", a block of headers, our own mails' foot) or from lines that begin with ">" and go on to the end. Answers written between
// quoted lines stay whole: nothing of them is lost.
folded fold(std::string_view text);

// The words of an HTML part: tags, scripts and styles left out, blocks on lines of their own, the usual entities read.
std::string from_html(std::string_view html);

} // namespace relais::server::inbound_texts
