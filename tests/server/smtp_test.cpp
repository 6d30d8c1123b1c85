// SPDX-License-Identifier: EUPL-1.2
#include "server/smtp.hpp"

#include "server/mail_message.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/smtp_sink.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <stdexcept>

using namespace relais::server;
using namespace relais::tests;
using outcome = delivery::outcome;

namespace {

smtp_settings plain(int port) {
    smtp_settings out;
    out.host = "127.0.0.1";
    out.port = port;
    out.security = "none";
    out.local_name = "relais.example.test";
    return out;
}

std::string message(const std::string& text = "Bonjour\n") {
    mail it;
    it.from_name = "Assistance";
    it.from_address = "assistance@example.test";
    it.to_address = "zoe@example.test";
    it.subject = "Été";
    it.text = text;
    it.message_id = "1.abc@example.test";
    return mails::write(it);
}

} // namespace

TEST_CASE("a mail arrives byte for byte, from nobody when it is an acknowledgement", "[smtp]") {
    temporary_folder folder;
    smtp_sink sink{folder.path("mails")};
    smtp_client client{plain(sink.port())};
    auto bytes = message();
    auto result = client.send("", "zoe@example.test", bytes);
    CHECK(result.is == outcome::sent);
    CHECK(result.code == 250);
    CHECK(client.send("assistance@example.test", "zoe@example.test", bytes).is == outcome::sent);
    auto received = sink.wait_for(2);
    CHECK(sink.bytes(received[0]) == bytes);
    CHECK(received[0]["envelope"]["from"] == "");
    CHECK(received[0]["envelope"]["to"][0] == "zoe@example.test");
    CHECK(received[0]["helo"] == "relais.example.test");
    CHECK(received[1]["envelope"]["from"] == "assistance@example.test");
    CHECK(received[0]["session"] == received[1]["session"]); // one connection for both
}

TEST_CASE("no text ends its message early", "[smtp]") {
    auto text = GENERATE(as<std::string>{}, "a\n.\nb\n", ".\n", "\n.\n\nMAIL FROM:<evil@example.test>\n", "a\r.\rb\n", "a\r\n.\r\nQUIT\r\n",
                         "..\n...\n.a\n", "From here\n>From there\n", "no line end");
    temporary_folder folder;
    smtp_sink sink{folder.path("mails")};
    smtp_client client{plain(sink.port())};
    auto bytes = message(text);
    REQUIRE(client.send("", "zoe@example.test", bytes).is == outcome::sent);
    REQUIRE(client.send("", "zoe@example.test", message("second")).is == outcome::sent);
    auto received = sink.wait_for(2);
    CHECK(received.size() == 2);
    CHECK(mails::read(sink.bytes(received[0])).text == mails::read(bytes).text);
    auto expected = bytes.ends_with("\r\n") ? bytes : bytes + "\r\n";
    CHECK(sink.bytes(received[0]) == expected);
}

TEST_CASE("a server that asks to come back is asked again later", "[smtp]") {
    temporary_folder folder;
    smtp_sink sink{folder.path("mails"), {"--greylist"}};
    smtp_client client{plain(sink.port())};
    auto first = client.send("", "zoe@example.test", message());
    CHECK(first.is == outcome::temporary);
    CHECK(first.code == 451);
    CHECK(client.send("", "zoe@example.test", message()).is == outcome::sent);
}

TEST_CASE("a recipient who does not exist is a permanent failure, and only for him", "[smtp]") {
    temporary_folder folder;
    smtp_sink sink{folder.path("mails"), {"--reject", "nobody@example.test"}};
    smtp_client client{plain(sink.port())};
    auto result = client.send("", "nobody@example.test", message());
    CHECK(result.is == outcome::permanent);
    CHECK(result.code == 550);
    CHECK(result.text.find("user unknown") != std::string::npos);
    CHECK(result.text.find("nobody") == std::string::npos);
    CHECK(client.send("", "zoe@example.test", message()).is == outcome::sent);
}

TEST_CASE("a message refused after it was read is judged by its code", "[smtp]") {
    temporary_folder folder;
    auto [code, expected] =
        GENERATE(table<const char*, outcome>({{"554", outcome::permanent}, {"451", outcome::temporary}, {"421", outcome::temporary}}));
    smtp_sink sink{folder.path("mails"), {"--refuse-data", code}};
    smtp_client client{plain(sink.port())};
    CHECK(client.send("", "zoe@example.test", message()).is == expected);
}

TEST_CASE("a connection cut before the answer is tried again", "[smtp]") {
    temporary_folder folder;
    smtp_sink sink{folder.path("mails"), {"--drop", "1"}};
    smtp_client client{plain(sink.port())};
    CHECK(client.send("", "zoe@example.test", message()).is == outcome::temporary);
    CHECK(client.send("", "zoe@example.test", message()).is == outcome::sent);
    CHECK(sink.wait_for(2).size() == 2);
}

TEST_CASE("a server that has gone away and come back is found again", "[smtp]") {
    temporary_folder folder;
    auto first = std::make_unique<smtp_sink>(folder.path("mails"));
    auto port = first->port();
    smtp_client client{plain(port)};
    REQUIRE(client.send("", "zoe@example.test", message()).is == outcome::sent);
    first.reset();
    auto result = client.send("", "zoe@example.test", message());
    CHECK(result.is == outcome::temporary);
    CHECK(result.code == 0);
    smtp_sink second{folder.path("mails"), {"--port", std::to_string(port)}};
    CHECK(client.send("", "zoe@example.test", message()).is == outcome::sent);
}

TEST_CASE("a server slower than the limit is left", "[smtp]") {
    temporary_folder folder;
    smtp_sink sink{folder.path("mails"), {"--tarpit", "5000"}};
    auto settings = plain(sink.port());
    settings.total_timeout_s = 1;
    smtp_client client{settings};
    auto start = std::chrono::steady_clock::now();
    CHECK(client.send("", "zoe@example.test", message()).is == outcome::temporary);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{3});
}

TEST_CASE("an address that carries a command never reaches the server", "[smtp]") {
    temporary_folder folder;
    smtp_sink sink{folder.path("mails")};
    smtp_client client{plain(sink.port())};
    auto bad = GENERATE("zoe@example.test\r\nRCPT TO:<evil@example.test>", "zoe@example.test>\nDATA", "zoe@example.test\tSIZE=1", "", "zoe",
                        "zoe@example.test> NOTIFY=SUCCESS", "a,b@example.test");
    CHECK(client.send("", bad, message()).is == outcome::permanent);
    if (*bad) CHECK(client.send(bad, "zoe@example.test", message()).is == outcome::temporary);
    CHECK(sink.mails().empty());
}

TEST_CASE("a mail travels encrypted to a server whose certificate we know", "[smtp]") {
    temporary_folder folder;
    auto host = GENERATE("127.0.0.1", "other.example.test");
    auto mode = GENERATE("starttls", "tls");
    auto files = make_certificate(folder.path("tls"), host);
    std::vector<std::string> options{"--key", files.key, "--cert", files.certificate};
    if (mode == std::string{"tls"}) options.push_back("--tls");
    smtp_sink sink{folder.path("mails"), options};
    auto settings = plain(sink.port());
    settings.security = mode;
    settings.ca_file = files.authority;
    auto known = smtp_client{settings}.send("", "zoe@example.test", message());
    settings.ca_file.clear();
    auto unknown = smtp_client{settings}.send("", "zoe@example.test", message());
    CHECK(unknown.is == outcome::temporary);
    if (host == std::string{"127.0.0.1"}) {
        CHECK(known.is == outcome::sent);
        CHECK(sink.wait_for(1)[0]["secure"] == true);
        CHECK(sink.mails().size() == 1);
    } else {
        CHECK(known.is == outcome::temporary); // the certificate is another host's
        CHECK(sink.mails().empty());
    }
}

TEST_CASE("a server that offers no encryption gets no mail when encryption is wanted", "[smtp]") {
    temporary_folder folder;
    smtp_sink sink{folder.path("mails")};
    auto settings = plain(sink.port());
    settings.security = GENERATE("starttls", "tls");
    settings.total_timeout_s = 3;
    CHECK(smtp_client{settings}.send("", "zoe@example.test", message()).is == outcome::temporary);
    CHECK(sink.mails().empty());
}

TEST_CASE("the server's password is read from a file, and a wrong one is our fault, not the citizen's", "[smtp]") {
    temporary_folder folder;
    smtp_sink sink{folder.path("mails"), {"--user", "relais", "--password", "correct horse"}};
    auto settings = plain(sink.port());
    settings.user = "relais";
    settings.password_file = folder.path("password");
    auto password = GENERATE("correct horse", "wrong");
    std::ofstream{settings.password_file} << password << "\n";
    auto result = smtp_client{settings}.send("", "zoe@example.test", message());
    if (password == std::string{"wrong"}) {
        CHECK(result.is == outcome::temporary);
        CHECK(result.code == 535);
    } else {
        CHECK(result.is == outcome::sent);
    }
    settings.password_file = folder.path("absent");
    CHECK_THROWS_AS(smtp_client{settings}, std::runtime_error);
}

TEST_CASE("a mail server that cannot be is refused at the start", "[smtp]") {
    auto good = plain(25);
    CHECK_NOTHROW(smtp_client{good});
    auto wrong = [&](auto change) {
        auto settings = good;
        change(settings);
        CHECK_THROWS_AS(smtp_client{settings}, std::invalid_argument);
    };
    wrong([](auto& it) { it.host = ""; });
    wrong([](auto& it) { it.host = "a b"; });
    wrong([](auto& it) { it.host = "a/b"; });
    wrong([](auto& it) { it.host = "user@host"; });
    wrong([](auto& it) { it.port = 0; });
    wrong([](auto& it) { it.port = 65536; });
    wrong([](auto& it) { it.security = "maybe"; });
    wrong([](auto& it) { it.local_name = "a\r\nb"; });
    wrong([](auto& it) {
        it.host = "mail.example.test";
        it.user = "a";
    });
}
