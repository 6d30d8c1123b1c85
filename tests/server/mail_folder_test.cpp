// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_folder.hpp"

#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace relais::server;
using relais::tests::temporary_folder;

namespace {

constexpr std::int64_t monday = 1'789'000'000;

mail letter(const std::string& id, const std::string& subject) {
    mail it;
    it.from_address = "assistance@example.test";
    it.to_address = "zoe@example.test";
    it.subject = subject;
    it.text = "Bonjour\n";
    it.message_id = id;
    it.date = monday;
    return it;
}

std::string keep(const mail_folder& folder, const mail& it, std::int64_t at) { return folder.keep(mails::write(it), it.message_id, at); }

} // namespace

TEST_CASE("without a mail server, mails are files that can be read again, the newest first", "[mail_folder]") {
    temporary_folder place;
    mail_folder folder{place.path("mail")};
    CHECK(folder.list().empty());
    keep(folder, letter("1.a@example.test", "Première"), monday);
    keep(folder, letter("2.b@example.test", "Deuxième"), monday + 60);
    keep(folder, letter("3.c@example.test", "Troisième"), monday + 120);
    auto all = folder.list();
    REQUIRE(all.size() == 3);
    CHECK(all[0].content.subject == "Troisième");
    CHECK(all[2].content.subject == "Première");
    CHECK(folder.list(2).size() == 2);
    CHECK(folder.list(0).empty());
    auto one = folder.find(all[1].name);
    REQUIRE(one);
    CHECK(one->content.subject == "Deuxième");
    CHECK(one->content.text == "Bonjour\n");
    CHECK(mail_folder{place.path("mail")}.list().size() == 3);
}

TEST_CASE("the file holds the very bytes of the mail, and a mail sent twice is kept once", "[mail_folder]") {
    temporary_folder place;
    mail_folder folder{place.path("mail")};
    auto it = letter("1.a@example.test", "Une fois");
    auto name = keep(folder, it, monday);
    CHECK(keep(folder, it, monday) == name);
    CHECK(folder.list().size() == 1);
    std::ifstream in{place.path("mail/" + name), std::ios::binary};
    CHECK(std::string{std::istreambuf_iterator<char>{in}, {}} == mails::write(it));
    CHECK((std::filesystem::status(place.path("mail")).permissions() & std::filesystem::perms::others_all) == std::filesystem::perms::none);
}

TEST_CASE("a name that leads out of the folder finds nothing", "[mail_folder]") {
    temporary_folder place;
    mail_folder folder{place.path("mail")};
    std::ofstream{place.path("secret.eml")} << "Subject: secret\r\n\r\nsecret\r\n";
    std::filesystem::create_symlink(place.path("secret.eml"), place.path("mail/link.eml"));
    for (const char* name : {"../secret.eml", "/etc/passwd", "", ".eml", "..", "link.eml", "absent.eml", "a/b.eml", "a.eml.tmp"})
        CHECK_FALSE(folder.find(name));
    std::ofstream{place.path("mail/19700101T000000Z-half.eml.tmp")} << "Subj";
    CHECK(folder.list().empty());
}
