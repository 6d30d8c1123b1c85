// SPDX-License-Identifier: EUPL-1.2
#include "api/workbook.hpp"

#include "api/view_text.hpp"
#include "model/csv_writer.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include <sys/mman.h>
#include <unistd.h>

namespace relais::api {

namespace {

constexpr double text_width = 22, wide_width = 60, number_width = 13; // characters
constexpr double line_height = 15;                                    // points
constexpr std::size_t cell_limit = 32'000;                            // bytes; a cell holds 32,767 characters

std::string neutral(const std::string& text) {
    auto out = model::starts_formula(text) ? "'" + text : text;
    if (out.size() > cell_limit) out.resize(cell_limit);
    return out;
}

lxw_datetime date_of(const std::string& day) {
    lxw_datetime out{};
    if (day.size() < 10) return out;
    out.year = std::atoi(day.substr(0, 4).c_str()), out.month = std::atoi(day.substr(5, 2).c_str());
    out.day = std::atoi(day.substr(8, 2).c_str());
    return out;
}

// How many lines a text takes in its column: not every spreadsheet looks when it opens a file.
double lines_of(const std::string& text, double width) {
    auto letters = std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    auto breaks = std::count(text.begin(), text.end(), '\n');
    return static_cast<double>(breaks) + std::max(1.0, std::ceil(static_cast<double>(letters) / width));
}

} // namespace

struct workbook::parts {
    parts() = default;
    parts(const parts&) = delete;
    parts& operator=(const parts&) = delete;
    ~parts() {
        if (book) lxw_workbook_free(book);
        if (memory >= 0) ::close(memory);
    }
    lxw_workbook* book = nullptr;
    int memory = -1; // the library writes to a file: one in memory, under its name in /proc
    lxw_format *head = nullptr, *wrapped = nullptr, *decimal = nullptr, *whole = nullptr, *day = nullptr;
    lxw_worksheet* sheet = nullptr;
    std::string sheet_name;
    std::vector<column> columns;
    lxw_row_t next = 0;
    lxw_row_t chart_row = 1;
};

workbook::workbook(const std::string& title, std::chrono::sys_seconds made_at) : parts_(std::make_unique<parts>()) {
    auto& all = *parts_;
    all.memory = ::memfd_create("workbook", MFD_CLOEXEC);
    if (all.memory >= 0) all.book = workbook_new(("/proc/self/fd/" + std::to_string(all.memory)).c_str());
    if (!all.book) throw std::runtime_error("the workbook cannot be begun");
    lxw_doc_properties properties{};
    auto kept = title;
    properties.title = kept.data(), properties.created = made_at.time_since_epoch().count();
    workbook_set_properties(all.book, &properties);
    all.head = workbook_add_format(all.book), format_set_bold(all.head), format_set_text_wrap(all.head);
    format_set_bg_color(all.head, 0xE3E3FD), format_set_bottom(all.head, LXW_BORDER_THIN);
    all.wrapped = workbook_add_format(all.book), format_set_text_wrap(all.wrapped), format_set_align(all.wrapped, LXW_ALIGN_VERTICAL_TOP);
    all.decimal = workbook_add_format(all.book), format_set_num_format(all.decimal, "#,##0.00");
    all.whole = workbook_add_format(all.book), format_set_num_format(all.whole, "#,##0");
    all.day = workbook_add_format(all.book), format_set_num_format(all.day, "dd/mm/yyyy");
}

workbook::~workbook() = default;

void workbook::begin_sheet(const std::string& name, const std::vector<column>& columns) {
    auto& all = *parts_;
    all.sheet = workbook_add_worksheet(all.book, name.c_str());
    if (!all.sheet) throw std::runtime_error("the workbook has no sheet " + name);
    all.sheet_name = name, all.columns = columns, all.next = 1, all.chart_row = 1;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        auto at = static_cast<lxw_col_t>(i);
        auto width = columns[i].holds == kind::text ? text_width : columns[i].holds == kind::wide_text ? wide_width : number_width;
        worksheet_set_column(all.sheet, at, at, width, nullptr);
        worksheet_write_string(all.sheet, 0, at, neutral(columns[i].head).c_str(), all.head);
    }
    worksheet_freeze_panes(all.sheet, 1, 0);
    worksheet_repeat_rows(all.sheet, 0, 0);
    worksheet_set_landscape(all.sheet), worksheet_set_paper(all.sheet, 9); // A4
    worksheet_fit_to_pages(all.sheet, 1, 0);
    worksheet_set_footer(all.sheet, "&P / &N");
}

void workbook::row(const std::vector<nlohmann::json>& values) {
    auto& all = *parts_;
    double lines = 1;
    for (std::size_t i = 0; i < values.size() && i < all.columns.size(); ++i) {
        const auto& value = values[i];
        auto at = static_cast<lxw_col_t>(i);
        auto holds = all.columns[i].holds;
        if (value.is_null() || (value.is_string() && value.get<std::string>().empty())) continue;
        if (value.is_string() && holds != kind::day)
            lines = std::max(lines, lines_of(value.get<std::string>(), holds == kind::wide_text ? wide_width : text_width));
        if (holds == kind::day) {
            auto text = value.is_string() ? value.get<std::string>()
                                          : view_text::local_day(std::chrono::sys_seconds(std::chrono::seconds(value.get<std::int64_t>())));
            auto when = date_of(text);
            worksheet_write_datetime(all.sheet, all.next, at, &when, all.day);
        } else if (value.is_boolean()) {
            worksheet_write_boolean(all.sheet, all.next, at, value.get<bool>() ? 1 : 0, nullptr);
        } else if (value.is_number()) {
            worksheet_write_number(all.sheet, all.next, at, value.get<double>(), holds == kind::decimal ? all.decimal : all.whole);
        } else {
            worksheet_write_string(all.sheet, all.next, at, neutral(value.is_string() ? value.get<std::string>() : value.dump()).c_str(),
                                   all.wrapped);
        }
    }
    constexpr double most_lines = 27; // a row is 409 points high at most
    worksheet_set_row(all.sheet, all.next, line_height * std::min(lines, most_lines), nullptr);
    ++all.next;
}

void workbook::chart(const std::string& title, std::size_t labels, const std::vector<std::size_t>& series, std::size_t rows) {
    auto& all = *parts_;
    if (rows == 0) return; // nothing to draw
    auto last = static_cast<lxw_row_t>(rows);
    // Bars a day wide on an axis of days tell nothing.
    auto is_by_day = all.columns[labels].holds == kind::day;
    auto* drawn = workbook_add_chart(all.book, is_by_day ? LXW_CHART_LINE : LXW_CHART_COLUMN);
    if (is_by_day) chart_axis_set_num_format(drawn->x_axis, "dd/mm/yyyy");
    for (auto each : series) {
        auto* added = chart_add_series(drawn, nullptr, nullptr);
        auto name = all.sheet_name.c_str();
        chart_series_set_categories(added, name, 1, static_cast<lxw_col_t>(labels), last, static_cast<lxw_col_t>(labels));
        chart_series_set_values(added, name, 1, static_cast<lxw_col_t>(each), last, static_cast<lxw_col_t>(each));
        chart_series_set_name_range(added, name, 0, static_cast<lxw_col_t>(each));
        if (is_by_day) chart_series_set_marker_type(added, LXW_CHART_MARKER_CIRCLE);
    }
    chart_title_set_name(drawn, title.c_str());
    worksheet_insert_chart(all.sheet, all.chart_row, static_cast<lxw_col_t>(all.columns.size() + 1), drawn);
    constexpr lxw_row_t chart_height_rows = 16;
    all.chart_row += chart_height_rows;
}

std::string workbook::finish() {
    auto& all = *parts_;
    auto error = workbook_close(all.book);
    all.book = nullptr;
    if (error != LXW_NO_ERROR) throw std::runtime_error(std::string("the workbook cannot be made: ") + lxw_strerror(error));
    std::string out;
    std::array<char, 65'536> page{};
    for (::ssize_t got = 0; (got = ::pread(all.memory, page.data(), page.size(), static_cast<::off_t>(out.size()))) > 0;)
        out.append(page.data(), static_cast<std::size_t>(got));
    return out;
}

} // namespace relais::api
