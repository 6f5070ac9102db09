// SPDX-License-Identifier: Apache-2.0
// Says what is wrong with a text that is not JSON, from what may come next and from the octet that
// the parser read last.
#include "geo/text/found_text.hpp"
#include "geo/text/utf8.hpp"
#include "zones/json/json_handler.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace zones {
namespace {

/// Returns what the library says of a token that it cannot read: what stands between the context and
/// the token in its message.
std::string_view sentence_of(std::string_view message) {
    constexpr std::string_view dash = " - ";
    const auto begin = message.find(dash);
    if (begin != std::string_view::npos) message.remove_prefix(begin + dash.size());
    return message.substr(0, message.find("; last read: "));
}

/// True if a text ends in the first of two escapes that only together are a letter (RFC 8259 §7).
bool is_half_letter(std::string_view text) {
    constexpr std::size_t size = 6;  // of an escape
    if (text.size() < size) return false;
    text.remove_prefix(text.size() - size);
    return text.starts_with("\\u") && (text[2] == 'd' || text[2] == 'D') &&
           std::string_view{"89abAB"}.find(text[3]) != std::string_view::npos;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        if (!geo::take_letter(text)) return false;
    }
    return true;
}

}  // namespace

void JsonHandler::tell_fault(const Fault& fault) {
    if (streams()) return;
    const std::string_view text = document_.text_;
    const auto token = document_.token_at(before_);
    if (fault.overflow) return report(token, "the number is too large");
    const auto begin = pass_separator();
    // The parser ends a comment at '\r' and '\0' too, and may then not have come that far.
    const bool reached = begin <= fault.at && begin < text.size();
    const char first = reached ? text[begin] : '\0';
    const bool number = first == '-' || ('0' <= first && first <= '9');
    const bool broken_mark = begin == 0 && first == '\xEF' && !text.starts_with("\xEF\xBB\xBF");
    if (first == '/') return report(token, "the comment that begins here is not closed");
    if (first == '"' && !is_whole_string(begin, fault.at)) return tell_string_fault(begin, fault);
    if (number && !is_whole_number(fault.at)) return report(fault.at, "invalid number");
    if (broken_mark) return report(fault.at, std::string{sentence_of(fault.message)});
    const auto found = word_at(token);
    report(token, "expected " + std::string{wanted()} + ", found " +
                      (found.empty() ? "the end of the file" : found) + std::string{hint(found)});
}

/// Steps over the ',' or ':' that the parser took after the last token, and returns where the token
/// at fault begins.
std::size_t JsonHandler::pass_separator() {
    const auto at = document_.token_at(before_, JsonDocument::blanks);
    if (at == document_.text_.size()) return at;
    const char sign = document_.text_[at];
    if (sign == ':' && next_ == Next::Colon) {
        next_ = Next::Value;
    } else if (sign == ',' && next_ == Next::MemberOrEnd) {
        next_ = Next::Key;
    } else if (sign == ',' && next_ == Next::ItemOrEnd) {
        next_ = Next::Value;
    } else {
        return at;
    }
    return document_.token_at(at + 1, JsonDocument::blanks);
}

/// Returns where the octet or the escape begins that the parser read last in a string.
std::size_t JsonHandler::last_piece(std::size_t string, std::size_t last) const {
    const std::string_view text = document_.text_;
    for (auto at = string + 1;;) {
        const bool escape = at < text.size() && text[at] == '\\';
        const bool number = escape && at + 1 < text.size() && text[at + 1] == 'u';
        const std::size_t size = number ? 6 : escape ? 2 : 1;
        if (at + size > last) return at;
        at += size;
    }
}

/// A whole string is at fault only where none may stand.
bool JsonHandler::is_whole_string(std::size_t begin, std::size_t last) const {
    if (next_ == Next::Key || next_ == Next::Value) return false;
    const std::string_view text = document_.text_;
    if (last >= text.size() || text[last] != '"' || last_piece(begin, last) != last) return false;
    const auto before = text.substr(begin, last - begin);
    return is_utf8(before) && !is_half_letter(before);
}

/// Likewise.
bool JsonHandler::is_whole_number(std::size_t last) const {
    if (next_ == Next::Value || last >= document_.text_.size()) return false;
    return '0' <= document_.text_[last] && document_.text_[last] <= '9';
}

void JsonHandler::tell_string_fault(std::size_t begin, const Fault& fault) {
    const std::string_view text = document_.text_;
    const auto piece = last_piece(begin, fault.at);
    const auto before = text.substr(begin, piece - begin);
    const bool escape = piece < text.size() && text[piece] == '\\';
    const auto read = escape ? before : text.substr(begin, fault.at + 1 - begin);
    if (is_half_letter(before)) {
        report(fault.at, std::string{sentence_of(fault.message)});
    } else if (!is_utf8(read)) {
        report(fault.at, "expected UTF-8, found an octet that is none");
    } else if (piece >= text.size()) {
        report(begin, "the string that begins here is not closed");
    } else if (text[piece] == '\n') {
        report(fault.at, "the string is not closed on its line");
    } else {
        report(fault.at, std::string{sentence_of(fault.message)});
    }
}

std::string_view JsonHandler::wanted() const {
    switch (next_) {
        case Next::Key:
            return "a key in double quotes";
        case Next::Colon:
            return "':' behind the key";
        case Next::MemberOrEnd:
            return "',' or '}'";
        case Next::ItemOrEnd:
            return "',' or ']'";
        case Next::End:
            return "the end of the file";
        case Next::Value:
            break;
    }
    return "a value";
}

std::string_view JsonHandler::hint(std::string_view found) const {
    const bool closes = found.starts_with('}') || found.starts_with(']');
    const bool begins = next_ == Next::Key || next_ == Next::Value || next_ == Next::End;
    if (closes && begins) return "; is there a comma too many before it?";
    const bool ends = closes || found.empty() || found.starts_with(':');
    const bool follows = next_ == Next::MemberOrEnd || next_ == Next::ItemOrEnd;
    return !ends && follows ? "; is a comma missing before it?" : std::string_view{};
}

std::string JsonHandler::word_at(std::size_t at) const {
    const auto rest = std::string_view{document_.text_}.substr(at);
    if (rest.empty()) return {};
    const auto end = std::min(rest.find_first_of(" \t\r\n,:{}[]"), rest.size());
    return shortened(rest.substr(0, std::max<std::size_t>(end, 1)));
}

}  // namespace zones
