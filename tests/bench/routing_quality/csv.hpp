// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tables in files (RFC 4180), read by the names in their first line.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// "DIR/rtt.csv:12: …"
struct BadTable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Table {
 public:
    /// Throws BadTable when the file cannot be read or a line has not as many cells as the first.
    explicit Table(const std::filesystem::path& file);

    [[nodiscard]] bool has(std::string_view column) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }

    /// Throws BadTable when there is no such column.
    [[nodiscard]] const std::string& text(std::size_t row, std::string_view column) const;
    /// Throws BadTable when the cell is not a finite number.
    [[nodiscard]] double number(std::size_t row, std::string_view column) const;
    /// To be thrown about a row: its file and line, then `what`.
    [[nodiscard]] BadTable fault(std::size_t row, const std::string& what) const;

 private:
    struct Row {
        std::size_t line = 0;
        std::vector<std::string> cells;
    };
    [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const noexcept;

    std::string file_;
    std::vector<std::string> header_;
    std::vector<Row> rows_;
};

}  // namespace bench
