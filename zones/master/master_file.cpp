// SPDX-License-Identifier: Apache-2.0
#include "zones/master/master_file.hpp"

#include "geo/base/file_text.hpp"
#include "geo/text/found_text.hpp"
#include "geo/text/utf8.hpp"
#include "zones/master/master_entry.hpp"
#include "zones/name/odd_letters.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace zones {
namespace {

constexpr std::size_t max_problems = 200;      // of one severity that are listed
constexpr std::size_t max_includes = 16;       // one within the other
constexpr std::size_t max_files = 1000;        // of a zone, each as often as it is included
constexpr std::uint64_t max_ttl = 0x7FFFFFFF;  // RFC 2181 §8

std::string upper(std::string_view text) {
    std::string changed{text};
    for (char& c : changed) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    return changed;
}

std::string quoted(std::string_view text) {
    return '"' + shortened(text) + '"';
}

/// A value that a message shows; one with quotes of its own stands as it is.
std::string example_text(std::string_view example) {
    const bool plain = example.find('"') == std::string_view::npos;
    return plain ? quoted(example) : std::string{example};
}

/// Returns the seconds in "3600" or "1h30m"; nothing when the word is no time; a number above all
/// times when the time is too large.
std::optional<std::uint64_t> read_time(std::string_view text) {
    return text.starts_with('-') ? std::nullopt : number_in(text);
}

}  // namespace

/// Reads one file, or one that is included.
class MasterParser {
 public:
    using Take = std::function<void(const MasterRecord&)>;

    MasterParser(MasterFile& file, const Take& take) : file_{file}, take_{take} {}

    void read(const std::string& path, const std::optional<WrittenName>& origin) {
        if (auto text = file_.from_->read(path, *file_.problems_)) read_text(path, *text, origin);
    }

 private:
    void read_text(const std::string& path, std::string_view text,
                   const std::optional<WrittenName>& origin) {
        const auto outer_position = position_;
        const auto outer_origin = std::exchange(origin_, origin);
        const auto part = static_cast<std::uint32_t>(file_.paths_.size());
        file_.paths_.push_back(path);
        ++depth_;
        EntryCutter cutter{text};
        while (cutter.next()) {
            position_ = {.part = part, .item = cutter.line()};
            if (cutter.fault().empty()) {
                read_entry(cutter.entry());
            } else {
                fault(std::string{cutter.fault()});
            }
        }
        --depth_;
        origin_ = outer_origin;
        position_ = outer_position;
    }

    void fault(std::string text) { file_.fault_at(position_, std::move(text)); }

    void read_entry(std::string_view entry) {
        if (entry.find_first_not_of(entry_blanks) == std::string_view::npos) return;
        if (geo::without_mark(entry).size() < entry.size())
            return fault("a byte order mark stands here: two files have been joined");
        if (entry.front() == '$') return read_directive(entry);
        if (entry_blanks.find(entry.front()) == std::string_view::npos) {
            const auto owner = read_name(take_word(entry));
            has_owner_ = owner.has_value();
            if (!owner) return;
            record_.owner = owner->folded();
        } else if (!has_owner_) {
            return fault("the record has no owner: the line before it has none either");
        }
        read_record(entry);
    }

    /// In quotes or not, as BIND takes them.
    std::optional<WrittenName> read_name(std::string_view word) {
        if (word.size() >= 2 && word.front() == '"' && word.back() == '"')
            word = word.substr(1, word.size() - 2);
        if (!origin_ && (word == "@" || !word.ends_with('.'))) {
            fault(quoted(word) + " is relative, and there is no $ORIGIN before it");
            return std::nullopt;
        }
        const auto origin = origin_.value_or(WrittenName{});
        const auto name = WrittenName::from_text(word, origin);
        if (!name) {
            fault("expected a name, found " + quoted(word) + ": " +
                  std::string{WrittenName::fault_of(word, origin)});
        } else if (auto odd = odd_letter_of_name(word); !odd.empty()) {
            file_.warn_at(position_, std::move(odd));
        }
        return name;
    }

    void read_directive(std::string_view entry) {
        const auto word = take_word(entry);
        const auto name = upper(word);
        const auto value = take_word(entry);
        if (name == "$ORIGIN" && entry.empty()) {
            if (const auto origin = read_name(value)) origin_ = origin;
        } else if (name == "$TTL" && entry.empty()) {
            if (const auto ttl = read_ttl(value)) file_.default_ttl_ = ttl;
        } else if (name == "$INCLUDE") {
            include(value, entry);
        } else if (name == "$ORIGIN" || name == "$TTL") {
            fault("there is something behind " + name + "'s value");
        } else {
            fault("expected a record, $ORIGIN, $TTL or $INCLUDE, found " + quoted(word));
        }
    }

    void include(std::string_view value, std::string_view rest) {
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        if (value.empty()) return fault("expected $INCLUDE, a file's name, and an origin if any");
        if (depth_ > max_includes) return fault("more than 16 files include one another");
        if (file_.paths_.size() >= max_files) return fault("more than 1000 files are included");
        auto origin = origin_;
        if (const auto word = take_word(rest); !word.empty()) {
            origin = read_name(word);
            if (!origin) return;
        }
        if (!rest.empty()) return fault("there is something behind $INCLUDE's origin");
        const auto path =
            (std::filesystem::path{file_.paths_[position_.part]}.parent_path() / value).string();
        geo::Problems unread;
        const auto text = file_.from_->read(path, unread);
        for (const auto& problem : unread) fault("$INCLUDE " + quoted(value) + ": " + problem.text);
        if (!text) return;
        // The owner of the last record is that of the including file again (RFC 1035 §5.1).
        const auto owner = record_.owner;
        const auto has_owner = has_owner_;
        read_text(path, *text, origin);
        record_.owner = owner;
        has_owner_ = has_owner;
    }

    std::optional<std::uint32_t> read_ttl(std::string_view word) {
        const auto ttl = read_time(word);
        if (ttl && *ttl <= max_ttl) return static_cast<std::uint32_t>(*ttl);
        fault("expected a TTL from 0 to 2147483647, found " + quoted(word));
        return std::nullopt;
    }

    /// [TTL] [class] type RDATA, or with TTL and class the other way round.
    void read_record(std::string_view entry) {
        std::optional<std::uint32_t> ttl;
        bool has_class = false;
        auto word = take_word(entry);
        for (;; word = take_word(entry)) {
            if (!ttl && read_time(word)) {
                ttl = read_ttl(word);
                if (!ttl) return;
                continue;
            }
            if (has_class || !is_class(word)) break;
            has_class = true;
            if (const auto name = upper(word); name != "IN" && name != "CLASS1") {
                return fault("expected the class IN, found " + name);
            }
        }
        const auto type = read_type(upper(word));
        if (!type) return fault("expected a record type, found " + quoted(word));
        auto [rdata, wrong, odd] = read_master_rdata(*type, entry, origin_.value_or(WrittenName{}));
        if (!odd.empty()) file_.warn_at(position_, std::move(odd));
        if (!rdata) {
            const auto example = example_of(*type);
            return fault("expected " + type_text(*type) +
                         (example.empty() ? std::string{" in presentation format"}
                                          : ", as in " + example_text(example)) +
                         ", found " + quoted(entry) + (wrong.empty() ? "" : ": " + wrong));
        }
        record_.type = *type;
        record_.rdata = std::move(*rdata);
        decide_ttl(ttl);
        record_.position = position_;
        take_(record_);
    }

    static bool is_class(std::string_view word) {
        const auto name = upper(word);
        return name == "IN" || name == "CH" || name == "HS" || name == "CS" ||
               name.starts_with("CLASS");
    }

    /// Returns the record's own TTL, else that of $TTL, else that of the record before it (RFC 1035
    /// §5.1), else for an SOA its last field.
    void decide_ttl(std::optional<std::uint32_t> own) {
        if (own) last_ttl_ = own;
        const auto ttl = own ? own : file_.default_ttl_ ? file_.default_ttl_ : last_ttl_;
        if (ttl) {
            record_.ttl = *ttl;
            return;
        }
        if (record_.type != rr::SOA) {
            // The missing $TTL is one line at the top, however many records follow.
            if (!std::exchange(told_of_ttl_, true))
                fault("the record has no TTL, and there is no $TTL before it");
            record_.ttl = 0;
            return;
        }
        record_.ttl = 0;
        for (const auto octet : std::span{record_.rdata.octets}.last(4)) {
            record_.ttl = record_.ttl << 8 | octet;
        }
        last_ttl_ = record_.ttl;
    }

    MasterFile& file_;
    const Take& take_;
    std::optional<WrittenName> origin_;
    MasterRecord record_;  // its owner is that of the last record
    bool has_owner_ = false;
    std::optional<std::uint32_t> last_ttl_;
    bool told_of_ttl_ = false;
    FilePosition position_;
    std::size_t depth_ = 0;
};

void MasterFile::read(const std::string& path, const std::optional<WrittenName>& origin,
                      const std::function<void(const MasterRecord&)>& take) {
    MasterParser{*this, take}.read(path, origin);
}

void MasterFile::fault_at(FilePosition position, std::string text) const {
    report(position, std::move(text), geo::Severity::Fault);
}

void MasterFile::warn_at(FilePosition position, std::string text) const {
    report(position, std::move(text), geo::Severity::Warning);
}

void MasterFile::report(FilePosition position, std::string text, geo::Severity severity) const {
    auto& reported = reported_[severity == geo::Severity::Fault ? 0 : 1];
    if (reported == max_problems) text = "and more of this kind, which are not listed";
    if (reported++ > max_problems) return;
    problems_->push_back({.file = paths_[position.part],
                          .line = position.item,
                          .path = {},
                          .text = std::move(text),
                          .severity = severity});
}

}  // namespace zones
