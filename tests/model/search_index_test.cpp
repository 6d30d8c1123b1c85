// SPDX-License-Identifier: EUPL-1.2
#include "model/search_feed.hpp"
#include "model/search_index.hpp"
#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>

using namespace relais;
using namespace relais::model;
using tests::monday;

namespace {

search_document document(std::int64_t id, const std::string& subject, const std::string& words, const std::string& category = "GEN-01") {
    search_document out;
    out.ticket_id = id, out.subject = subject, out.words = words, out.marks = {"family:" + category.substr(0, 3)},
    out.names = "Inès Østergaard";
    return out;
}

std::vector<std::int64_t> found(const search_index& index, const std::string& text, bool newest = true) {
    search_request request;
    request.text = text;
    request.newest_first = newest;
    return index.find(request).ticket_ids;
}

using ids = std::vector<std::int64_t>;

} // namespace

TEST_CASE("words are found whatever their accents, case, plural or ending", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Permis non reçu", "J'attends mon permis depuis trois mois, la préfecture ne répond pas."));
    index.put(document(2, "Paiement débité deux fois", "Le timbre fiscal de 25 € a été prélevé deux fois."));
    index.put(document(3, "Photo refusée", "Mes photos sont refusées par le site de l’ANTS."));
    CHECK(found(index, "prefecture").empty()); // not committed yet
    index.commit(1);
    CHECK(found(index, "PREFECTURE") == ids{1});
    CHECK(found(index, "prélevés timbres") == ids{2});
    CHECK(found(index, "photo") == ids{3});
    CHECK(found(index, "ostergaard") == ids{3, 2, 1});
    CHECK(found(index, "attend perm") == ids{1});
    CHECK(found(index, "\"trois mois\"") == ids{1});
    CHECK(found(index, "\"mois trois\"").empty());
}

TEST_CASE("newest first, or the most relevant first", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Échange de permis algérien", "échange échange"));
    index.put(document(2, "Suspension", "Une fois, on m'a parlé d'un échange, mais ma demande concerne tout à fait autre chose."));
    index.commit(1);
    CHECK(found(index, "échange", true) == ids{2, 1});
    CHECK(found(index, "échange", false) == ids{1, 2});
}

TEST_CASE("the words of very many tickets are ranked among the newest, those of fewer among all", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    constexpr std::int64_t first = 200'001, many = 20'000;
    index.put(document(1, "Permis perdu, permis volé", "permis permis permis inoubliable"));
    for (auto id = first; id < first + many; ++id) {
        search_document each;
        each.ticket_id = id, each.words = id == first + 9 ? "permis permis permis" : "mon permis n’arrive pas";
        index.put(each);
    }
    index.commit(1);
    CHECK(found(index, "permis", false).front() == first + 9);
    CHECK(found(index, "permis inoubliable", false) == ids{1});
    search_request request;
    request.text = "permis", request.newest_first = false;
    CHECK(index.find(request).about == many + 1);
    CHECK(index.find(request).ranked_among == 100'000); // the first ticket was left out
    request.newest_first = true;
    CHECK(index.find(request).ranked_among == 0);
    request.newest_first = false, request.text = "inoubliable";
    CHECK(index.find(request).ranked_among == 0);
}

TEST_CASE("a ticket that changes keeps its place among the newest", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    for (int i : {2, 3, 1}) index.put(document(i, "Attestation", "mon attestation provisoire"));
    index.commit(1);
    index.put(document(1, "Attestation", "mon attestation, encore"));
    index.commit(2);
    CHECK(found(index, "attestation") == ids{3, 2, 1});
    search_request second;
    second.text = "attestation", second.offset = 1, second.limit = 1;
    auto answer = index.find(second);
    CHECK(answer.ticket_ids == ids{2});
    CHECK(answer.about == 3);
}

TEST_CASE("a misspelt word brings a suggestion, and rare words are widened", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    for (int i = 1; i < 10; ++i) index.put(document(i, "Attestation", "mon attestation provisoire"));
    index.commit(1);
    search_request request;
    request.text = "attestatoin";
    CHECK(index.find(request).suggestion == "attestation");
    request.text = "attestation baleine";
    auto answer = index.find(request);
    CHECK(answer.widened);
    CHECK(answer.ticket_ids.size() == 9);
    CHECK(index.complete("atte") == std::vector<std::string>{"attestation"});
}

TEST_CASE("what is misspelt is the nearest of the tickets' words, and quotes and what is right stay", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Attestation", "mon attestation provisoire de la préfecture, le permis"));
    index.put(document(2, "Permis", "le permis, les permises"));
    index.commit(2);
    auto spelt = [&index](const std::string& typed) {
        search_request request;
        request.text = typed;
        return index.find(request).suggestion;
    };
    CHECK(spelt("attestatoin") == "attestation");                     // exchanged
    CHECK(spelt("atestation provisoir") == "attestation provisoire"); // missing
    CHECK(spelt("\"attestationn provvisoire\"") == "\"attestation provisoire\"");
    CHECK(spelt("bermis") == "");        // begins with another letter
    CHECK(spelt("eprmis") == "permis");  // unless that is exchanged
    CHECK(spelt("epermis") == "permis"); // or one too many
    CHECK(spelt("permiss") == "permis"); // the most frequent of those as near
    CHECK(spelt("attzzzation") == "");   // three letters
    CHECK(spelt("leq") == "le");
    CHECK(spelt("lxx") == "");
    CHECK(spelt(std::string(60, 'a')) == "");
}

TEST_CASE("thousands of words alike, committed one by one, are all found", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    auto name_of = [](int person) {
        std::string out = "essai";
        for (int i = 0; i < 4; ++i, person /= 26) out += static_cast<char>('a' + person % 26);
        return out;
    };
    constexpr int count = 2500;
    for (int i = 1; i <= count; ++i) {
        index.put(document(i, "Permis", name_of(i)));
        index.commit(i);
    }
    CHECK(index.size() == count);
    for (int i = 1; i <= count; i += 97) CHECK(found(index, name_of(i)) == ids{i});
}

TEST_CASE("what a role may not see is neither found nor counted", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Visite", "avis du médecin agréé", "MED-01"));
    index.put(document(2, "Visite", "avis du médecin agréé", "DOC-02"));
    index.commit(1);
    search_request request;
    request.text = "médecin";
    request.hidden_marks = {"family:MED", "family:SAN"};
    auto answer = index.find(request);
    CHECK(answer.ticket_ids == ids{2});
    CHECK(answer.about == 1);
}

TEST_CASE("no text typed in the box is an operator or an error", "[search]") {
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    index.put(document(1, "Permis", "permis"));
    index.commit(1);
    for (auto* text : {"", "   ", "\"", "\"\"\"", "*", "a*", "permis AND", "NOT permis", "-permis", "+", "(permis", "XFMED",
                       "subject:permis", "permis)", "\xff\xfe"})
        CHECK_NOTHROW(found(index, text));
    CHECK(found(index, std::string(100000, 'x')).empty());
    CHECK(found(index, "-permis") == ids{1});
}

TEST_CASE("a ticket is findable once the feed has passed, again after a change, and after a rebuild", "[search]") {
    tests::temporary_database database;
    tests::temporary_folder folder;
    search_index index(folder.path("search"));
    search_feed feed(*database, index);
    auto opened =
        database->write_now([](soci::session& sql) { return tickets::open(sql, tests::sample_contact(), tests::citizen_actor(), monday); });
    CHECK(feed.step() == 1);
    CHECK(found(index, "naissance") == ids{opened.id});
    CHECK(feed.step() == 0);
    search_request narrowed;
    narrowed.text = "naissance", narrowed.marks = {"status:active", "department:974", "assignee:none"};
    CHECK(index.find(narrowed).ticket_ids == ids{opened.id});
    narrowed.marks = {"status:active", "department:33"};
    CHECK(index.find(narrowed).about == 0);
    feed.rebuild([](std::int64_t) {});
    CHECK(index.size() == 1);
    CHECK(found(index, "naissance") == ids{opened.id});
}

namespace {

// A real database, an index fed from it, and what harms its files.
struct fed_office {
    std::int64_t open() {
        auto open_one = [number = ++opened](soci::session& sql) {
            return tickets::open(sql, tests::sample_contact(number), tests::citizen_actor(), monday).id;
        };
        return database->write_now(open_one);
    }
    std::string file(const std::string& name) const { return folder.path("search/" + name); }
    // As after a power cut on a disk that lied: the file is there, and empty.
    void empty(const std::string& name) const { std::filesystem::resize_file(file(name), 0); }

    tests::temporary_database database;
    tests::temporary_folder folder;
    int opened = 0;
};

// While it lives, this process writes no byte of a file beyond the first: as on a full disk.
class full_disk {
public:
    full_disk() {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        auto now = before_;
        now.rlim_cur = 1;
        setrlimit(RLIMIT_FSIZE, &now);
    }
    ~full_disk() { setrlimit(RLIMIT_FSIZE, &before_); }
    full_disk(const full_disk&) = delete;
    full_disk& operator=(const full_disk&) = delete;

private:
    rlimit before_{};
};

// What is found of all tickets; nothing when the index cannot be read.
std::vector<std::int64_t> found_if_readable(const search_index& index) {
    try {
        return found(index, "naissance");
    } catch (const std::runtime_error&) {
        return {};
    }
}

} // namespace

TEST_CASE("an index whose files are emptied while it is fed is made anew, and no ticket is missing", "[search][unsanitized]") {
    auto* emptied = GENERATE("termlist.glass", "postlist.glass", "docdata.glass", "position.glass");
    INFO(emptied);
    fed_office office;
    search_index index(office.folder.path("search"));
    search_feed feed(*office.database, index);
    for (int i = 0; i < 3; ++i) office.open();
    CHECK(feed.step() == 3);
    if (!std::filesystem::exists(office.file(emptied))) return;
    office.empty(emptied);
    auto last = office.open();
    for (int i = 0; i < 3 && found_if_readable(index).size() < 4; ++i) feed.step();
    auto all = found(index, "naissance");
    CHECK(all.size() == 4);
    CHECK(all.front() == last);
    CHECK(index.size() == 4);
}

TEST_CASE("an index whose files are emptied between two runs is opened and filled again", "[search]") {
    auto* emptied = GENERATE("iamglass", "postlist.glass");
    fed_office office;
    office.open();
    {
        search_index index(office.folder.path("search"));
        search_feed(*office.database, index).step();
    }
    office.empty(emptied);
    search_index index(office.folder.path("search"));
    search_feed feed(*office.database, index);
    feed.step();
    CHECK(found(index, "naissance").size() == 1);
}

TEST_CASE("what the index could not take is read again by the next step", "[search]") {
    fed_office office;
    search_index index(office.folder.path("search"));
    search_feed feed(*office.database, index);
    office.open();
    while (feed.step() > 0) {
    }
    office.open();
    {
        full_disk full;
        CHECK_THROWS_WITH(feed.step(), Catch::Contains("cannot be written"));
    }
    CHECK(found(index, "naissance").size() == 1);
    CHECK(feed.step() == 1);
    CHECK(found(index, "naissance").size() == 2);
}
