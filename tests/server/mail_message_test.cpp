// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_message.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <stdexcept>

using namespace relais::server;

namespace {

mail letter() {
    mail it;
    it.from_name = "Assistance permis de conduire";
    it.from_address = "assistance@example.test";
    it.to_name = "Zoé Lefèvre-Ñandú";
    it.to_address = "zoe@example.test";
    it.subject = "Votre demande n° 26-7K3F-9QTX a bien été reçue";
    it.text = "Bonjour,\n\nNous avons reçu votre demande à 9 h 05.\n";
    it.message_id = "12.abcdef@relais.example.test";
    it.date = 1'790'000'000;
    return it;
}

std::string header_block(const std::string& bytes) { return bytes.substr(0, bytes.find("\r\n\r\n")); }

// The names of the header's fields, unfolded, in lower case.
std::multiset<std::string> header_names(const std::string& bytes) {
    std::multiset<std::string> names;
    auto block = header_block(bytes) + "\r\n";
    for (std::size_t start = 0; start < block.size();) {
        auto end = block.find("\r\n", start);
        auto line = block.substr(start, end - start);
        if (line.front() != ' ' && line.front() != '\t') {
            auto name = line.substr(0, line.find(':'));
            for (auto& c : name) c = static_cast<char>(std::tolower(c));
            names.insert(name);
        }
        start = end + 2;
    }
    return names;
}

const std::multiset<std::string> plain_headers{"from",       "to",           "subject",      "date",
                                               "message-id", "mime-version", "content-type", "content-transfer-encoding"};

bool has_lone_line_end(const std::string& bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) return true;
        if (bytes[i] == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n')) return true;
    }
    return false;
}

std::size_t longest_line(const std::string& bytes) {
    std::size_t longest = 0;
    for (std::size_t start = 0; start < bytes.size();) {
        auto end = std::min(bytes.find("\r\n", start), bytes.size());
        longest = std::max(longest, end - start);
        start = end + 2;
    }
    return longest;
}

} // namespace

TEST_CASE("a mail says after the journey what was written before", "[mail]") {
    auto sent = letter();
    auto bytes = mails::write(sent);
    auto read = mails::read(bytes);
    CHECK(header_names(bytes) == plain_headers);
    CHECK(read.from_name == sent.from_name);
    CHECK(read.from_address == sent.from_address);
    CHECK(read.to_name == sent.to_name);
    CHECK(read.to_address == sent.to_address);
    CHECK(read.subject == sent.subject);
    CHECK(read.text == sent.text);
    CHECK(read.message_id == sent.message_id);
    CHECK(read.date == sent.date);
    CHECK_FALSE(has_lone_line_end(bytes));
    CHECK(mails::write(sent) == bytes);
}

TEST_CASE("an automatic mail says so and names what it answers", "[mail]") {
    auto sent = letter();
    sent.auto_submitted = "auto-replied";
    sent.in_reply_to = "11.abc@relais.example.test";
    sent.references = "10.abc@relais.example.test 11.abc@relais.example.test";
    auto bytes = mails::write(sent);
    auto expected = plain_headers;
    expected.insert({"auto-submitted", "x-auto-response-suppress", "in-reply-to", "references"});
    CHECK(header_names(bytes) == expected);
    auto read = mails::read(bytes);
    CHECK(read.auto_submitted == "auto-replied");
    CHECK(read.in_reply_to == sent.in_reply_to);
    CHECK(read.references == sent.references);
}

TEST_CASE("the written page and the attachments travel beside the text", "[mail]") {
    auto sent = letter();
    sent.html = "<p>Bonjour é</p>\n";
    std::string binary;
    for (int i = 0; i < 3000; ++i) binary += static_cast<char>(i % 256);
    sent.attachments = {{"relevé.pdf", "application/pdf", binary}, {"a.txt", "nonsense\r\nX: y", "\n.\n"}};
    auto bytes = mails::write(sent);
    auto read = mails::read(bytes);
    CHECK(read.text == sent.text);
    CHECK(read.html == sent.html);
    REQUIRE(read.attachments.size() == 2);
    CHECK(read.attachments[0].name == "relevé.pdf");
    CHECK(read.attachments[0].media_type == "application/pdf");
    CHECK(read.attachments[0].content == binary);
    CHECK(read.attachments[1].media_type == "application/octet-stream");
    CHECK(read.attachments[1].content == "\n.\n");
    CHECK_FALSE(has_lone_line_end(bytes));
}

TEST_CASE("whatever a text holds, the header keeps its fields and no other", "[mail]") {
    using namespace std::string_literals;
    auto hostile = GENERATE(as<std::string>{}, "a\r\nBcc: victim@example.test", "a\nBcc: victim@example.test",
                            "a\rBcc: victim@example.test", "a\r\n\r\n<script>body</script>", "a\0\r\nBcc: v@example.test"s,
                            "a\r\n .\r\n.\r\n", "=?utf-8?q?a=0D=0ABcc:_v@example.test?=", "\" <victim@example.test>, \"",
                            "a, victim@example.test", "x\u2028Bcc: v\u2029y\u0085z", "\u202Etxt.exe", "\xff\xfe\xc0\x80",
                            std::string(5000, 'x'), std::string(3000, '\n'), std::string(500, '"'), "", " ", "é\r\n\té: x");
    auto sent = letter();
    sent.from_name = sent.to_name = sent.subject = sent.text = hostile;
    SECTION("alone") {
        auto bytes = mails::write(sent);
        auto read = mails::read(bytes);
        auto expected = plain_headers;
        CHECK(header_names(bytes) == expected);
        CHECK(read.to_address == "zoe@example.test");
        CHECK(read.from_address == "assistance@example.test");
        CHECK_FALSE(has_lone_line_end(bytes));
        CHECK(bytes.find('\0') == std::string::npos);
        CHECK(longest_line(bytes) <= 998);
        CHECK(read.subject.find_first_of("\r\n") == std::string::npos);
        CHECK(header_block(bytes).find("\nBcc") == std::string::npos);
    }
    SECTION("with an attachment of that name, type and content") {
        sent.text = "Bonjour";
        sent.attachments = {{hostile, hostile, hostile}};
        auto bytes = mails::write(sent);
        auto expected = plain_headers;
        expected.erase("content-transfer-encoding");
        CHECK(header_names(bytes) == expected);
        CHECK(bytes.find("\nBcc") == std::string::npos);
        CHECK_FALSE(has_lone_line_end(bytes));
        auto read = mails::read(bytes);
        REQUIRE(read.attachments.size() == 1);
        CHECK(read.attachments[0].content == hostile);
    }
}

TEST_CASE("an address or a message id that is not well formed is refused, never repaired", "[mail]") {
    auto bad_address =
        GENERATE("", "a", "@example.test", "a@", "a@b@example.test", "a b@example.test", "a@example.test\r\nRCPT TO:<b@example.test>",
                 "<a@example.test>", "\"a b\"@example.test", "a..b@example.test", ".a@example.test", "a@-example.test", "a@exa_mple.test",
                 "a@example..test", "é@example.test", "a@example.test ", "a@[127.0.0.1]");
    CHECK_FALSE(mails::is_address(bad_address));
    auto sent = letter();
    sent.to_address = bad_address;
    CHECK_THROWS_AS(mails::write(sent), std::invalid_argument);
    sent = letter();
    sent.from_address = bad_address;
    CHECK_THROWS_AS(mails::write(sent), std::invalid_argument);
}

TEST_CASE("the limits of an address are those of the standard", "[mail]") {
    CHECK(mails::is_address("jean-pierre.o'neil+permis@sub.example.test"));
    CHECK(mails::is_address(std::string(64, 'a') + "@example.test"));
    CHECK_FALSE(mails::is_address(std::string(65, 'a') + "@example.test"));
    auto domain = std::string(63, 'b') + "." + std::string(63, 'c') + "." + std::string(57, 'd') + ".test";
    CHECK(mails::is_address(std::string(254 - 1 - domain.size(), 'a') + "@" + domain));
    CHECK_FALSE(mails::is_address(std::string(255 - 1 - domain.size(), 'a') + "@" + domain));
    CHECK_FALSE(mails::is_address("a@" + std::string(64, 'b') + ".test"));
}

TEST_CASE("a message id cannot carry a header", "[mail]") {
    auto bad = GENERATE("", "a", "a@b\r\nBcc: c@example.test", "a@b\nc", "a@b>c", "@", "a@@b");
    auto sent = letter();
    sent.message_id = bad;
    CHECK_THROWS_AS(mails::write(sent), std::invalid_argument);
    sent = letter();
    sent.auto_submitted = "no\r\nX: y";
    CHECK_THROWS_AS(mails::write(sent), std::invalid_argument);
}

TEST_CASE("a file name keeps what a person reads and nothing that can do harm", "[mail]") {
    struct {
        const char* given;
        const char* expected;
    } const cases[] = {
        {"permis recto.jpg", "permis recto.jpg"},
        {"Attestation é.pdf", "Attestation é.pdf"},
        {"../../etc/passwd", "passwd"},
        {"C:\\temp\\x.pdf", "x.pdf"},
        {".htaccess", "htaccess"},
        {"\u200B.htaccess", "htaccess"},
        {"a\r\nX-Evil: 1\r\n\r\nbody.pdf", "a X-Evil 1 body.pdf"},
        {"\u202Efdp.exe", "fdp.exe"},
        {"a\"; name=\"b.exe", "a name=b.exe"},
        {"", "file"},
        {"...", "file"},
        {"/", "file"},
        {"x.", "x"},
    };
    for (const auto& it : cases) CHECK(mails::safe_filename(it.given) == it.expected);
    CHECK(mails::safe_filename(std::string(99, 'a') + ".pdf") == std::string(96, 'a') + ".pdf");
    CHECK(mails::safe_filename(std::string(96, 'a') + ".pdf") == std::string(96, 'a') + ".pdf");
    std::string accents;
    for (int i = 0; i < 80; ++i) accents += "é";
    CHECK(mails::safe_filename(accents + ".pdf").size() == 100);
}
