// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/routing_quality/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <utility>

namespace bench {
namespace {

/// One record: a quoted cell may hold commas and doubled quotes, but no line break.
std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool doubled = quoted && line.substr(i, 2) == "\"\"";
        if (line[i] == '"' && !doubled) {
            quoted = !quoted;
        } else if (line[i] == ',' && !quoted) {
            cells.emplace_back();
        } else {
            if (doubled) ++i;
            cells.back() += line[i];
        }
    }
    return cells;
}

}  // namespace

Table::Table(const std::filesystem::path& file) : file_{file.string()} {
    std::ifstream in{file};
    if (!in) throw BadTable{file_ + ": cannot be read"};
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
        while (line.ends_with('\r')) line.pop_back();
        if (line.empty()) continue;
        auto cells = split(line);
        if (header_.empty()) {
            header_ = std::move(cells);
            continue;
        }
        rows_.push_back({number, std::move(cells)});
        const auto count = rows_.back().cells.size();
        if (count != header_.size()) {
            throw fault(rows_.size() - 1, std::to_string(count) + " cells under " +
                                              std::to_string(header_.size()) + " columns");
        }
    }
    if (header_.empty()) throw BadTable{file_ + ": has no header line"};
}

std::optional<std::size_t> Table::find(std::string_view column) const noexcept {
    const auto found = std::ranges::find(header_, column);
    if (found == header_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header_.begin());
}

bool Table::has(std::string_view column) const noexcept {
    return find(column).has_value();
}

const std::string& Table::text(std::size_t row, std::string_view column) const {
    const auto index = find(column);
    if (!index) throw BadTable{file_ + ": has no column " + std::string{column}};
    return rows_[row].cells[*index];
}

double Table::number(std::size_t row, std::string_view column) const {
    const auto& cell = text(row, column);
    double value = 0;
    const auto [end, fault_code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (fault_code != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value)) {
        throw fault(row, std::string{column} + ": expected a number, found \"" + cell + "\"");
    }
    return value;
}

BadTable Table::fault(std::size_t row, const std::string& what) const {
    return BadTable{file_ + ":" + std::to_string(rows_[row].line) + ": " + what};
}

}  // namespace bench
