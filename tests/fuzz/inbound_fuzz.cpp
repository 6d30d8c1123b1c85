// SPDX-License-Identifier: EUPL-1.2
#include "server/inbound_text.hpp"
#include "server/lmtp_session.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <string>
#include <vector>

using namespace relais;
using fuzz::require;

namespace {

struct outcome {
    std::string said;
    std::vector<server::lmtp_session::message> taken;
};

template <class Cut> outcome converse(std::string_view input, Cut cut) {
    outcome out;
    server::lmtp_session::office office{[](const std::string& to) { return to.find('@') != std::string::npos; },
                                        [&out](const server::lmtp_session::message& mail) {
                                            out.taken.push_back(mail);
                                            return std::string("250 kept");
                                        }};
    server::lmtp_session session("relais", office, {128, 512, 3, 10});
    cut(input, [&](std::string_view piece) {
        if (!session.is_over()) out.said += session.feed(piece);
    });
    return out;
}

void check_conversation(std::string_view input) {
    auto whole = converse(input, [](std::string_view all, auto feed) { feed(all); });
    auto bytes = converse(input, [](std::string_view all, auto feed) { fuzz::byte_by_byte(all, feed); });
    require(whole.taken.size() == bytes.taken.size(), "the same mails however they are cut");
    for (std::size_t i = 0; i < whole.taken.size(); ++i) {
        const auto& mail = whole.taken[i];
        require(mail.bytes == bytes.taken[i].bytes && mail.recipient == bytes.taken[i].recipient, "the same mail however it is cut");
        require(mail.bytes.size() <= 512, "a bounded mail");
        require(mail.recipient.find_first_of(" \r\n<>") == std::string::npos, "an address is one word");
        require(mail.bytes.empty() || mail.bytes.ends_with("\r\n"), "whole lines");
        for (std::size_t at = 0; (at = mail.bytes.find('\n', at)) != std::string::npos; ++at)
            require(at > 0 && mail.bytes[at - 1] == '\r', "no lone line feed passes");
    }
}

void check_texts(std::string_view input) {
    auto parts = server::inbound_texts::fold(input);
    require(parts.fresh.size() + parts.quoted.size() <= input.size() + 2, "nothing is added");
    auto has_words = input.find_first_not_of(" \t\r\n") != std::string_view::npos;
    require(has_words == !(parts.fresh + parts.quoted).empty(), "nothing is lost");
    require(!has_words || !parts.fresh.empty(), "there is always something to read");
    auto words = server::inbound_texts::from_html(input);
    require(words.size() <= input.size() + 1, "words of a page are no longer than the page");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::view(data, size);
    check_conversation(input);
    check_texts(input);
    return 0;
}
