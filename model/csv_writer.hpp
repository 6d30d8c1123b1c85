// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace relais::model {

// True when a spreadsheet would run the cell as a formula: it starts, blanks apart, with = @ + - or their full-width forms, or with a
// tabulation or a line end. A telephone or a plain number ("+33 6 39 98 00 00", "-12,5") starts none.
// Source: security.md 1.1 (osTicket CVE-2019-14749, RT CVE-2025-61873); https://owasp.org/www-community/attacks/CSV_Injection
bool starts_formula(std::string_view cell);

// Appends rows of CSV to a text: RFC 4180, CR LF, every dangerous cell led by an apostrophe so that a spreadsheet shows it as text.
class csv_writer {
public:
    // The mark makes spreadsheets read UTF-8; `;` is what they expect in French.
    explicit csv_writer(std::string& out, char delimiter = ';', bool with_byte_order_mark = true);

    void row(std::span<const std::string> cells);
    void row(std::initializer_list<std::string_view> cells);

private:
    template <class Cells> void write(const Cells& cells);
    void cell(std::string_view text, bool is_first);

    std::string& out_;
    char delimiter_;
};

} // namespace relais::model
