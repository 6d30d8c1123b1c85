// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_queue.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace relais::model::ticket_queue {

namespace {

const std::string line_columns =
    "ticket.id, ticket.reference, ticket.channel, ticket.status, ticket.waiting_reason, ticket.department, ticket.procedure_code, "
    "ticket.category, ticket.category_state, ticket.legal_nature, ticket.subject, ticket.received_at, ticket.due_at, ticket.updated_at, "
    "ticket.flags, ticket.mail_state, ticket.dossier_link, COALESCE(dossier.status, ''), citizen.name, COALESCE(user_account.name, ''), "
    "ticket.assignee_id, ticket.version, ticket.legal_at, ticket.team_id";
// Rows are chosen in the ticket table alone, by one of its indexes; what is shown of them and beside is looked up for these few.
const std::string line_tables =
    " AS chosen JOIN ticket ON ticket.id = chosen.id JOIN citizen ON citizen.id = ticket.requester_id LEFT JOIN dossier ON dossier.id = "
    "ticket.dossier_id LEFT JOIN user_account ON user_account.id = ticket.assignee_id";

// The order of a list: the column of its keyset, and whether it goes down.
struct ordering {
    char letter;
    std::string_view column;
    bool descending;
};
constexpr ordering urgent{'u', "due_at", false}, touched{'t', "updated_at", false}, newest{'n', "received_at", true},
    oldest{'o', "received_at", false}, changed{'c', "updated_at", true}, legal{'l', "legal_at", false};

const ordering& order_of(const queue_filter& filter) {
    if (filter.updated_since) return touched;
    if (filter.order == "oldest") return oldest;
    if (filter.order == "newest") return newest;
    if (filter.order == "touched") return changed;
    bool waits = filter.status == "active" || filter.status == "new" || filter.status == "open" || filter.status == "waiting" ||
                 filter.status == "unclosed";
    if (!waits) return newest;
    return filter.order == "legal" ? legal : urgent;
}

// A statement in the making: conditions of constant text, values bound in the order in which they stand.
class conditions {
public:
    void add(std::string_view before, std::string value, std::string_view after = {}) {
        text_ += (text_.empty() ? " WHERE " : " AND ") + std::string(before) + ":v" + std::to_string(values_.size()) + std::string(after);
        values_.push_back(std::move(value));
    }
    void add_or(std::string_view before, std::string value, std::string_view after) {
        text_ += " OR " + std::string(before) + ":v" + std::to_string(values_.size()) + std::string(after);
        values_.push_back(std::move(value));
    }
    void add_constant(std::string_view condition) { text_ += (text_.empty() ? " WHERE " : " AND ") + std::string(condition); }
    void add_among(const std::vector<std::int64_t>& ids) {
        text_ +=
            (text_.empty() ? " WHERE " : " AND ") + std::string("ticket.id IN (") + sql::placeholders(ids.size(), values_.size()) + ")";
        for (auto id : ids) values_.push_back(std::to_string(id));
    }
    const std::string& text() const { return text_; }
    const std::vector<std::string>& values() const { return values_; }

private:
    std::string text_;
    std::vector<std::string> values_;
};

// By the time they were received, an incident's tickets are in the order of an index of its reports; otherwise they are found, then sorted.
bool is_by_report(const queue_filter& filter, const ordering& order) { return filter.incident && order.column == newest.column; }

conditions where(const queue_filter& filter, bool by_report = false) {
    conditions out;
    if (filter.status == "active")
        out.add_constant("ticket.is_active = 1");
    else if (filter.status == "unclosed")
        out.add_constant("ticket.status IN ('new', 'open', 'waiting')");
    else if (!filter.status.empty())
        out.add("ticket.status = ", filter.status);
    if (!filter.department.empty()) out.add("ticket.department = ", filter.department);
    if (!filter.procedure.empty()) out.add("ticket.procedure_code = ", filter.procedure);
    if (!filter.category.empty()) out.add("ticket.category = ", filter.category);
    if (!filter.team.empty()) out.add("ticket.team_id = (SELECT id FROM team WHERE code = ", filter.team, ")");
    if (!filter.waiting_reason.empty()) out.add("ticket.waiting_reason = ", filter.waiting_reason);
    if (filter.unassigned) out.add_constant("ticket.assignee_id IS NULL");
    if (filter.assignee) out.add("ticket.assignee_id = ", std::to_string(*filter.assignee));
    if (filter.dossier_id) out.add("ticket.dossier_id = ", std::to_string(*filter.dossier_id));
    if (filter.due_before) out.add("ticket.due_at < ", std::to_string(seconds(*filter.due_before)));
    if (filter.updated_since) out.add("ticket.updated_at >= ", std::to_string(seconds(*filter.updated_since)));
    if (filter.incident && by_report) out.add("report.incident_id = ", std::to_string(*filter.incident));
    if (filter.incident && !by_report)
        out.add("ticket.id IN (SELECT ticket_id FROM report WHERE incident_id = ", std::to_string(*filter.incident), ")");
    return out;
}

struct cursor {
    std::int64_t key = 0, id = 0;
};

[[noreturn]] void refuse_cursor() { throw invalid({{"after", "malformed", "fault.after.malformed"}}); }

// "u1795600000.42": the order it belongs to, the key and the id of the last line shown.
cursor read_cursor(std::string_view text, const ordering& order) {
    cursor out;
    auto dot = text.find('.');
    if (text.empty() || text[0] != order.letter || dot == std::string_view::npos) refuse_cursor();
    auto key = text.substr(1, dot - 1), id = text.substr(dot + 1);
    auto first = std::from_chars(key.data(), key.data() + key.size(), out.key);
    auto second = std::from_chars(id.data(), id.data() + id.size(), out.id);
    if (first.ec != std::errc{} || first.ptr != key.data() + key.size() || second.ec != std::errc{} || second.ptr != id.data() + id.size())
        refuse_cursor();
    return out;
}

std::int64_t key_of(const queue_line& line, const ordering& order) {
    return seconds(order.column == legal.column     ? line.legal_at
                   : order.column == urgent.column  ? line.due_at
                   : order.column == touched.column ? line.updated_at
                                                    : line.received_at);
}

std::string write_cursor(const queue_line& last, const ordering& order) {
    return order.letter + std::to_string(key_of(last, order)) + "." + std::to_string(last.id);
}

constexpr std::string_view plus_zero = " + 0";

// A colleague's own active tickets are few, and so are those of a department and a category: by the sum no index has their order, so that
// they are found by what they have and sorted. By the index of the order SQLite would look at every active ticket.
std::string sort_column(const queue_filter& filter, const ordering& order) {
    auto narrowings = !filter.department.empty() + !filter.procedure.empty() + !filter.category.empty();
    auto is_few = (filter.assignee || narrowings > 1) && filter.status == "active" && order.column != urgent.column;
    return "ticket." + std::string(order.column) + std::string(is_few ? plus_zero : "");
}

// For fifty lines in order, MariaDB walks the tickets of all times by their moment, although an index of each status has the same order.
const std::string no_walk = " /*! IGNORE INDEX (ticket_received, ticket_updated) */";

// MariaDB does not use an index for (a, b) > (x, y): the comparison is written out. Values are bound as text: beside a sum, which has no
// type of its own, SQLite would hold any text for the greater.
void continue_after(conditions& out, const cursor& at, const std::string& column, const std::string& id, const ordering& order) {
    auto key = std::to_string(at.key);
    auto as_number = column.ends_with(plus_zero) ? plus_zero : std::string_view();
    out.add(column + (order.descending ? " <= " : " >= "), key, as_number);
    out.add("(" + column + (order.descending ? " < " : " > "), key, as_number);
    auto beyond = std::string(order.descending ? " < " : " > ");
    out.add_or(id + beyond, std::to_string(at.id), ")");
}

// What is to be done and what waits: each is in its order in an index of its own, both together in none.
std::vector<queue_filter> parts_of(const queue_filter& filter) {
    if (filter.status != "unclosed") return {filter};
    std::vector<queue_filter> out(2, filter);
    out[0].status = "active", out[1].status = "waiting";
    return out;
}

void sort(std::vector<queue_line>& lines, const ordering& order) {
    auto is_before = [&order](const queue_line& a, const queue_line& b) {
        auto first = std::pair(key_of(a, order), a.id), second = std::pair(key_of(b, order), b.id);
        return order.descending ? second < first : first < second;
    };
    std::sort(lines.begin(), lines.end(), is_before);
}

std::vector<queue_line> lines_of(soci::session& sql, const std::string& ids, const conditions& chosen) {
    return sql::all_bulk<queue_line>(sql, "SELECT " + line_columns + " FROM (" + ids + ")" + line_tables, chosen.values());
}

std::vector<queue_line> read(soci::session& sql, const queue_filter& filter, const ordering& order, std::string_view after, int count) {
    auto by_report = is_by_report(filter, order);
    auto chosen = where(filter, by_report);
    auto column = by_report ? "report.received_at" : sort_column(filter, order);
    std::string id = by_report ? "report.ticket_id" : "ticket.id", tables = by_report ? "report JOIN ticket ON ticket.id = report.ticket_id"
                                                                                      : "ticket" + (filter.status.empty() ? "" : no_walk);
    if (!after.empty()) continue_after(chosen, read_cursor(after, order), column, id, order);
    auto direction = std::string(order.descending ? " DESC" : "");
    auto ids = "SELECT ticket.id FROM " + tables + chosen.text() + " ORDER BY " + column + direction + ", " + id + direction + " LIMIT " +
               std::to_string(count);
    return lines_of(sql, ids, chosen);
}

std::int64_t count_part(soci::session& sql, const queue_filter& filter) {
    auto chosen = where(filter);
    auto text =
        "SELECT COUNT(*) FROM (SELECT ticket.id FROM ticket" + chosen.text() + " LIMIT " + std::to_string(count_limit) + ") AS bounded";
    auto rows = sql::all_bulk<std::int64_t>(sql, text, chosen.values());
    return rows.empty() ? 0 : rows.front();
}

} // namespace

queue_page list(soci::session& sql, const queue_filter& filter, std::string_view after, int limit) {
    queue_page out;
    const auto& order = order_of(filter);
    auto wanted = std::clamp(limit, 1, page_limit);
    // A statement is kept for each text: two sizes, the console's and the API's, not two hundred.
    auto count = wanted <= 50 ? 51 : page_limit + 1;
    auto parts = parts_of(filter);
    for (const auto& each : parts) {
        auto lines = read(sql, each, order, after, count);
        out.lines.insert(out.lines.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
    }
    sort(out.lines, order);
    if (static_cast<int>(out.lines.size()) > wanted) {
        out.lines.resize(static_cast<std::size_t>(wanted));
        out.next = write_cursor(out.lines.back(), order);
    }
    return out;
}

std::vector<queue_line> among(soci::session& sql, const queue_filter& filter, const std::vector<std::int64_t>& ids) {
    if (ids.empty()) return {};
    // Two sizes of statement, as above: the rest is filled with the last id.
    auto wanted = ids;
    wanted.resize(std::min<std::size_t>(ids.size(), page_limit));
    auto count = wanted.size();
    wanted.resize(count <= 50 ? 50 : page_limit, wanted.back());
    auto chosen = where(filter);
    chosen.add_among(wanted);
    auto lines = lines_of(sql, "SELECT ticket.id FROM ticket" + chosen.text(), chosen);
    auto place = [&wanted](const queue_line& line) { return std::find(wanted.begin(), wanted.end(), line.id); };
    std::sort(lines.begin(), lines.end(), [&place](const auto& a, const auto& b) { return place(a) < place(b); });
    return lines;
}

std::int64_t count(soci::session& sql, const queue_filter& filter) {
    std::int64_t out = 0;
    for (const auto& each : parts_of(filter)) out += count_part(sql, each);
    return std::min(out, count_limit);
}

} // namespace relais::model::ticket_queue
