// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// What of a ticket can be found by its words. Texts are folded by the index itself.
struct search_document {
    std::int64_t ticket_id = 0;
    std::string reference, subject, names, words; // words: the messages
    std::vector<std::string> marks;               // exact facts to filter by: "status:open", "department:974", "family:MED"
};

struct search_request {
    std::string text;                             // as typed: words, the last one perhaps unfinished; "several words" together in quotes
    bool newest_first = true;                     // else the most relevant first, of the newest 100,000 when very many have the words
    std::vector<std::string> marks, hidden_marks; // every one of these; none of those, which the role may not see
    int offset = 0, limit = 20;
};

struct search_answer {
    std::vector<std::int64_t> ticket_ids;
    std::int64_t about = 0;        // an estimate of how many there are
    bool widened = false;          // no ticket has all the words: these have some of them
    std::int64_t ranked_among = 0; // the most relevant were looked for among so many newest tickets; 0: among all
    std::string suggestion;        // the words as they are spelt in the tickets, when they differ
};

// The files of the index contradict themselves: what was put since the last commit is lost, and the index must be made anew.
struct search_index_damaged : std::runtime_error {
    using runtime_error::runtime_error;
};

// French full text over one node's tickets (Xapian): folded, stemmed, spelt, prefixes. Holds no truth: rebuilt at will from the database.
// One thread feeds it; any number may ask. Blocking: call it on app.workers, never on an io_context's thread.
class search_index {
public:
    // Opens the index in a folder, or makes it, anew when it is damaged. Throws std::runtime_error when another process feeds it.
    explicit search_index(const std::string& folder);
    ~search_index();

    // This and all below throw std::runtime_error when the files cannot be written or read, search_index_damaged when they are damaged:
    // what was put since the last commit is to be put again.
    void put(const search_document& document);
    // Makes what was put findable, and remembers how far the feed has been read, in one step.
    void commit(std::int64_t fed_until_event);
    std::int64_t fed_until_event() const;
    // Forgets everything, whatever state the files are in: before a rebuild.
    void clear();
    // False for an index that was never filled, or by a version of Relais that wrote other documents, or that somebody who asked found
    // damaged: it wants a rebuild.
    bool is_current() const;

    search_answer find(const search_request& request) const;
    // Words of the tickets that begin so, most frequent first.
    std::vector<std::string> complete(std::string_view beginning, int limit = 8) const;
    std::int64_t size() const;

private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

} // namespace relais::model
