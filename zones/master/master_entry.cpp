// SPDX-License-Identifier: Apache-2.0
#include "zones/master/master_entry.hpp"

#include <algorithm>
#include <array>

namespace zones {

std::string_view take_word(std::string_view& entry) {
    entry.remove_prefix(std::min(entry.find_first_not_of(entry_blanks), entry.size()));
    std::size_t end = 0;
    bool open = false;
    for (; end < entry.size(); ++end) {
        if (entry[end] == '\\') {
            ++end;
        } else if (entry[end] == '"') {
            open = !open;
        } else if (!open && entry_blanks.find(entry[end]) != std::string_view::npos) {
            break;
        }
    }
    const auto word = entry.substr(0, end);
    entry.remove_prefix(std::min(end, entry.size()));
    entry.remove_prefix(std::min(entry.find_first_not_of(entry_blanks), entry.size()));
    return word;
}

bool EntryCutter::next() {
    if (at_ >= text_.size()) return false;
    line_ = next_line_;
    fault_ = {};
    // Most entries are one line in which nothing is special.
    static constexpr auto special = [] {
        std::array<bool, 256> table{};
        for (const char c : {'\n', '(', ')', ';', '"', '\\', '\0'}) {
            table[static_cast<unsigned char>(c)] = true;
        }
        return table;
    }();
    auto end = at_;
    while (end < text_.size() && !special[static_cast<unsigned char>(text_[end])]) ++end;
    if (end < text_.size() && text_[end] != '\n') {
        join_lines();
        return true;
    }
    entry_ = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++next_line_;
    return true;
}

void EntryCutter::join_lines() {
    joined_.clear();
    std::size_t depth = 0;
    bool open = false;
    for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '\n') {
            ++next_line_;
            if (open) fault_ = "the quote is not closed on its line";
            open = false;
            if (depth == 0) break;
            add_blank();
        } else if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
            joined_ += c;
            joined_ += text_[++at_];
        } else if (c == '"' || open) {
            if (c == '"') open = !open;
            joined_ += c;
        } else if (c == ';') {
            at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
        } else if (c == '(' || c == ')') {
            if (c == ')' && depth == 0) fault_ = "a parenthesis is closed that was not opened";
            if (c == '(') ++depth;
            if (c == ')' && depth > 0) --depth;
            add_blank();
        } else if (entry_blanks.find(c) != std::string_view::npos) {
            add_blank();
        } else {
            if (c == '\0') fault_ = "an octet of 0 stands in the text";
            joined_ += c;
        }
    }
    if (open) fault_ = "the quote is not closed on its line";
    if (depth > 0) fault_ = "the parenthesis is not closed";
    ++at_;
    entry_ = joined_;
}

void EntryCutter::add_blank() {
    if (!joined_.ends_with(' ')) joined_ += ' ';
}

}  // namespace zones
