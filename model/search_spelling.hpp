// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

namespace Xapian {
class Database;
}

namespace relais::model {

// The folded words as the tickets spell them: each word that no ticket has gives way to the nearest one that some ticket has, the most
// frequent of those as near. At most two letters are wrong, missing, too many or exchanged with their neighbour (one in a word of four
// letters or fewer), and the first or the second is the first of the right one. Quotes stay. Empty when nothing is to be corrected.
// Not Xapian's own spelling: it keeps all words with two letters in common in one record, and reads some records beyond 8 KB as corrupt
// (docs/decisions/0134-our-own-spelling.md).
std::string corrected_spelling(const Xapian::Database& database, const std::string& folded);

} // namespace relais::model
