// SPDX-License-Identifier: EUPL-1.2
#include "model/search_index.hpp"

#include "model/search_spelling.hpp"
#include "model/text.hpp"

#include <xapian.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <stdexcept>

namespace relais::model {

namespace {

// A search that wants the newest first ends after the first page only when documents lie in that order: the last ticket has the lowest
// number (docs/decisions/0118-newest-by-number.md).
constexpr Xapian::docid above_all_tickets = 4'000'000'000;
constexpr unsigned subject_weight = 3;
constexpr std::size_t query_limit_bytes = 400, words_limit_bytes = 100'000, term_limit_bytes = 60;
constexpr Xapian::termcount expansion_limit = 200; // words that an unfinished word may stand for
constexpr Xapian::doccount exact_count = 1000;     // fewer results than that are counted, more are estimated
constexpr Xapian::doccount ranked_from = 20'000, ranked_among = 100'000;
constexpr auto fed_key = "fed_until_event", format_key = "format";
constexpr auto format = "7"; // changes with what a document holds

// The number of a ticket's document, and back.
Xapian::docid turned(std::int64_t number) { return static_cast<Xapian::docid>(above_all_tickets - number); }

// A document that is no ticket's and has no word. Xapian 1.4 misreads a word that all documents have, when their numbers begin far from
// one: a thousand documents on it takes the index for damaged. No word is in all of them.
constexpr Xapian::docid no_ticket = above_all_tickets;

// One for each use: a stemmer works in its own memory, and those who ask and who feeds are of different threads.
Xapian::Stem french() { return Xapian::Stem("french"); }

std::string mark_term(std::string_view mark) { return "XM" + std::string(mark.substr(0, term_limit_bytes)); }

// Quotes keep their meaning; everything else is folded to plain words, so that no operator can be typed.
std::string fold_query(std::string_view typed) {
    std::string out;
    for (bool quoted = false; !typed.empty(); quoted = !quoted) {
        auto end = typed.find('"');
        auto part = text::fold(typed.substr(0, end));
        auto closed = end != std::string_view::npos;
        typed.remove_prefix(closed ? end + 1 : typed.size());
        if (part.empty()) continue;
        out += quoted ? "\"" + part + "\" " : part + " ";
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

// An error that the files themselves make, not the system beneath them: a full or absent disk is no damage, nor is a writer that
// overtakes a reader.
bool is_damage(const Xapian::Error& error) {
    constexpr std::array<std::string_view, 3> harmless = {"DatabaseLockError", "DatabaseClosedError", "DatabaseModifiedError"};
    const std::string_view kind = error.get_type();
    return kind.starts_with("Database") && std::ranges::find(harmless, kind) == harmless.end() && error.get_error_string() == nullptr;
}

Xapian::WritableDatabase open_writer(const std::string& folder, int how = Xapian::DB_CREATE_OR_OPEN) {
    std::filesystem::create_directories(folder);
    try {
        return Xapian::WritableDatabase(folder, how);
    } catch (const Xapian::DatabaseLockError&) {
        throw std::runtime_error("The search index is fed by another process: stop it, or give this one a folder of its own.");
    } catch (const Xapian::Error& error) {
        // The index holds no truth: a damaged one is made anew, and filled again since it is not current.
        if (is_damage(error) && how == Xapian::DB_CREATE_OR_OPEN) return open_writer(folder, Xapian::DB_CREATE_OR_OVERWRITE);
        throw std::runtime_error("The search index cannot be opened in " + folder + ": " + error.get_msg());
    }
}

} // namespace

struct search_index::inside {
    explicit inside(std::string in) : folder(std::move(in)), writer(open_writer(folder)), reader(folder) {}

    // Runs on the newest committed state; a writer that overtakes a slow reader twice makes it start again.
    template <class Ask> auto ask(const Ask& question) {
        std::lock_guard lock(reading);
        for (int attempt = 0;; ++attempt) {
            try {
                reader.reopen();
                return question(reader);
            } catch (const Xapian::DatabaseError& error) { // overtaken: a block read twice may look modified, or corrupt
                if (attempt < 3) continue;
                is_damaged = is_damaged || is_damage(error);
                throw std::runtime_error("the search index cannot be read: " + error.get_msg());
            }
        }
    }

    // Xapian's errors are no std::exception: whoever feeds the index is told in one.
    template <class Change> auto guard(const Change& what) {
        std::lock_guard lock(writing);
        try {
            return what();
        } catch (const Xapian::Error& error) {
            if (is_damage(error)) throw search_index_damaged("the search index is damaged: " + error.get_msg());
            writer.close();
            is_closed = true;
            throw std::runtime_error("the search index cannot be written: " + error.get_msg());
        }
    }

    // After a write that failed the files are opened again, as they were at the last commit.
    template <class Change> auto change(const Change& what) {
        return guard([&] {
            if (is_closed) writer = Xapian::WritableDatabase(folder, Xapian::DB_OPEN);
            is_closed = false;
            return what();
        });
    }

    // Whatever the files are.
    void begin_anew() {
        guard([&] {
            std::lock_guard lock(reading);
            writer.close();
            writer = Xapian::WritableDatabase(folder, Xapian::DB_CREATE_OR_OVERWRITE);
            writer.set_metadata(fed_key, "0");
            writer.set_metadata(format_key, format);
            writer.replace_document(no_ticket, Xapian::Document());
            writer.commit();
            reader = Xapian::Database(folder);
            is_closed = false, is_damaged = false;
        });
    }

    std::mutex writing, reading;
    std::atomic<bool> is_damaged{false}; // as somebody who asked found it
    bool is_closed = false;              // the writer
    const std::string folder;
    Xapian::WritableDatabase writer;
    Xapian::Database reader;
};

search_index::search_index(const std::string& folder) : inside_(std::make_unique<inside>(folder)) {}
search_index::~search_index() = default;

void search_index::put(const search_document& from) {
    inside_->change([&] {
        Xapian::Document document;
        Xapian::TermGenerator terms;
        terms.set_stemmer(french());
        terms.set_max_word_length(term_limit_bytes);
        terms.set_document(document);
        terms.index_text(text::fold(from.subject), subject_weight);
        terms.increase_termpos();
        terms.index_text(text::fold(std::string_view(from.words).substr(0, words_limit_bytes)));
        terms.increase_termpos();
        terms.index_text(text::fold(from.names));
        for (const auto& each : from.marks) document.add_boolean_term(mark_term(each));
        inside_->writer.replace_document(turned(from.ticket_id), document);
    });
}

void search_index::commit(std::int64_t fed_until_event) {
    inside_->change([&] {
        inside_->writer.set_metadata(fed_key, std::to_string(fed_until_event));
        inside_->writer.commit();
    });
}

bool search_index::is_current() const {
    return !inside_->is_damaged && inside_->change([&] { return inside_->writer.get_metadata(format_key) == format; });
}

std::int64_t search_index::fed_until_event() const {
    auto text = inside_->change([&] { return inside_->writer.get_metadata(fed_key); });
    return text.empty() ? 0 : std::stoll(text);
}

void search_index::clear() { inside_->begin_anew(); }

namespace {

Xapian::Query restricted(Xapian::Query words, const search_request& request) {
    for (const auto& each : request.marks) words = Xapian::Query(Xapian::Query::OP_FILTER, words, Xapian::Query(mark_term(each)));
    for (const auto& each : request.hidden_marks) words = Xapian::Query(Xapian::Query::OP_AND_NOT, words, Xapian::Query(mark_term(each)));
    return words;
}

// The newest documents, by their numbers, the first of which is known: a search among them ends with the last.
class newest_documents : public Xapian::PostingSource {
public:
    explicit newest_documents(Xapian::docid first) : first_(first), end_(first + ranked_among) {}
    void init(const Xapian::Database&) override { at_ = first_ - 1; }
    Xapian::doccount get_termfreq_min() const override { return 0; }
    Xapian::doccount get_termfreq_est() const override { return ranked_among; }
    Xapian::doccount get_termfreq_max() const override { return ranked_among; }
    void next(double) override { ++at_; }
    void skip_to(Xapian::docid to, double) override { at_ = std::max(at_, to); }
    bool at_end() const override { return at_ >= end_; }
    Xapian::docid get_docid() const override { return at_; }

private:
    Xapian::docid first_, end_, at_ = 0;
};

struct matched {
    Xapian::MSet hits;
    std::int64_t about = 0, ranked_among = 0;
};

matched matches(const Xapian::Database& database, const Xapian::Query& query, const search_request& request) {
    Xapian::Enquire enquire(database);
    enquire.set_query(query);
    enquire.set_docid_order(Xapian::Enquire::ASCENDING);
    auto page = [&] {
        return enquire.get_mset(static_cast<Xapian::doccount>(request.offset), static_cast<Xapian::doccount>(request.limit), exact_count);
    };
    auto with_count = [](Xapian::MSet hits) { return matched{hits, hits.get_matches_estimated(), 0}; };
    if (request.newest_first) {
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        return with_count(page());
    }
    // Words of many tickets are ranked among the newest: reading all of them takes as long as the centre is old.
    auto about = enquire.get_mset(0, 0).get_matches_estimated();
    if (about < ranked_from) return with_count(page());
    auto first = *database.postlist_begin("");
    newest_documents newest(first);
    enquire.set_query(Xapian::Query(Xapian::Query::OP_FILTER, query, Xapian::Query(&newest)));
    auto beyond = database.postlist_begin("");
    beyond.skip_to(first + ranked_among);
    auto leaves_some = beyond != database.postlist_end("") && *beyond != no_ticket;
    return {page(), about, leaves_some ? ranked_among : 0};
}

} // namespace

search_answer search_index::find(const search_request& request) const {
    search_answer answer;
    auto typed = fold_query(std::string_view(request.text).substr(0, query_limit_bytes));
    if (typed.empty()) return answer;
    auto ask = [&](const Xapian::Database& database) {
        Xapian::QueryParser parser;
        parser.set_database(database);
        parser.set_stemmer(french());
        parser.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
        parser.set_max_expansion(expansion_limit, Xapian::Query::WILDCARD_LIMIT_MOST_FREQUENT);
        constexpr unsigned flags = Xapian::QueryParser::FLAG_PHRASE;
        search_answer found;
        for (auto joined : {Xapian::Query::OP_AND, Xapian::Query::OP_OR}) {
            // At first the last word may be unfinished; when that finds nothing it is a word like the others, perhaps misspelt.
            parser.set_default_op(joined);
            auto query = parser.parse_query(typed, joined == Xapian::Query::OP_AND ? flags | Xapian::QueryParser::FLAG_PARTIAL : flags);
            auto [hits, about, ranked] = matches(database, restricted(query, request), request);
            found.about = about, found.ranked_among = ranked;
            for (auto hit = hits.begin(); hit != hits.end(); ++hit) found.ticket_ids.push_back(turned(*hit));
            found.widened = joined == Xapian::Query::OP_OR && found.about > 0;
            if (found.about > 0 && !found.widened) return found; // nothing to correct in what finds
            if (found.about > 0) break;
        }
        found.suggestion = corrected_spelling(database, typed);
        return found;
    };
    return inside_->ask(ask);
}

std::vector<std::string> search_index::complete(std::string_view beginning, int limit) const {
    auto prefix = text::fold(beginning.substr(0, term_limit_bytes));
    std::vector<std::pair<Xapian::doccount, std::string>> words;
    if (prefix.size() < 2) return {};
    auto ask = [&](const Xapian::Database& database) {
        words.clear();
        for (auto term = database.allterms_begin(prefix); term != database.allterms_end(prefix); ++term)
            words.emplace_back(term.get_termfreq(), *term);
        return true;
    };
    inside_->ask(ask);
    auto kept = std::min(words.size(), static_cast<std::size_t>(limit));
    std::partial_sort(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(kept), words.end(), std::greater<>());
    std::vector<std::string> out;
    for (std::size_t i = 0; i < kept; ++i) out.push_back(words[i].second);
    return out;
}

std::int64_t search_index::size() const {
    auto ask = [](const Xapian::Database& database) {
        return static_cast<std::int64_t>(database.get_doccount()) - (database.get_lastdocid() == no_ticket ? 1 : 0);
    };
    return inside_->ask(ask);
}

} // namespace relais::model
