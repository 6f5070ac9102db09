// SPDX-License-Identifier: Apache-2.0
#pragma once
// JSON values that know where they stand: line, column and path, so that each fault can name its
// place in the file. Comments (// and /* */) are allowed. Reads never throw: they write problems to
// the document, and reading goes on to find the rest. Control path only.
//
// One object of a document may be streamed, because it may have a million members. Its members are
// not kept; each walk over them parses them again, one by one.

#include "geo/base/problem.hpp"
#include "geo/base/source.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

class JsonDocument;

/// A value in a document: cheap to copy, valid as long as the document lives. A value in a member
/// of the streamed object is valid until the next member is read.
class Json {
 public:
    enum class Kind : std::uint8_t { Null, Boolean, Integer, Number, String, Array, Object };
    struct Member;

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] bool is(Kind wanted) const noexcept { return kind() == wanted; }

    /// Returns the octets of a string, a number as it is written, or "true" or "false". Empty for
    /// other kinds.
    [[nodiscard]] std::string_view text() const noexcept;
    /// Returns the member of an object; nothing when it is absent or this is no object.
    [[nodiscard]] std::optional<Json> find(std::string_view key) const;
    /// Return the members and the items in the order of the file. Empty for other kinds, and for
    /// the streamed object.
    [[nodiscard]] std::vector<Member> members() const;
    [[nodiscard]] std::vector<Json> items() const;
    /// Calls `read` with each member of an object, streamed or not. When the streamed object is not
    /// sound, the call ends at its first fault and reports nothing: see JsonDocument::sound().
    void for_each_member(const std::function<void(const Member&)>& read) const;
    /// Returns how many members there are; for the streamed object about how many, from its commas.
    [[nodiscard]] std::size_t member_count() const;
    /// Returns the position to which a Source can write problems once this value is gone.
    [[nodiscard]] FilePosition position() const noexcept;

    // The following functions write a problem and return nothing when the value is not as wanted.
    [[nodiscard]] std::optional<std::string_view> string(std::string_view wanted) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::int64_t low, std::int64_t high,
                                                      std::string_view wanted) const;
    [[nodiscard]] std::optional<double> number(double low, double high,
                                               std::string_view wanted) const;
    [[nodiscard]] bool object(std::string_view wanted) const;
    /// Returns the items of a list, or the value itself when it is no list.
    [[nodiscard]] std::vector<Json> one_or_more() const;
    /// Writes a problem for each member whose key is not listed, and names the nearest key that is.
    /// Returns true when all keys are listed.
    bool allow_keys(std::span<const std::string_view> keys) const;
    bool allow_keys(std::initializer_list<std::string_view> keys) const {
        return allow_keys(std::span{keys.begin(), keys.end()});
    }

    /// Writes the problem "expected WANTED, found VALUE", and ": WHY" if given.
    void expected(std::string_view wanted, std::string_view why = {}) const;
    /// Writes a problem with the caller's text.
    void fault(std::string text) const;
    /// The same, at the key of a member rather than at its value.
    void key_fault(std::string text) const;
    void warning(std::string text) const;

 private:
    friend class JsonDocument;
    friend class JsonHandler;
    Json(const JsonDocument& document, std::uint32_t index) noexcept
        : document_{&document}, index_{index} {}
    void report(std::string text, geo::Severity severity) const;

    const JsonDocument* document_;
    std::uint32_t index_;
};

struct Json::Member {
    std::string_view key;
    Json value;
};

class JsonDocument final : public Source {
 public:
    /// Parses all of `text`. Returns null, with a problem, when it is not JSON in UTF-8 or is
    /// nested more than 64 deep. A key that an object has twice is a problem too, but the document
    /// is returned. `problems` must outlive the document. If the root's member `streamed` is an
    /// object, it is streamed, unless this parse finds a problem.
    [[nodiscard]] static std::unique_ptr<JsonDocument> parse(std::string text, std::string file,
                                                             geo::Problems& problems,
                                                             std::string_view streamed = {});
    /// Reads and parses a file of at most 1 GiB.
    [[nodiscard]] static std::unique_ptr<JsonDocument> load(const std::string& path,
                                                            geo::Problems& problems,
                                                            std::string_view streamed = {});

    [[nodiscard]] Json root() const noexcept { return {*this, 0}; }
    /// False when a walk over the streamed object found that it is not JSON or has a key twice.
    /// What was read from it is then void; parse_whole() reports what is wrong.
    [[nodiscard]] bool sound() const noexcept { return sound_; }
    /// Parses all of the text again. Writes the problems of a parse without streaming.
    [[nodiscard]] bool parse_whole();

    void fault_at(FilePosition position, std::string text) const override;
    void warn_at(FilePosition position, std::string text) const override;

 private:
    friend class Json;
    friend class JsonHandler;
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    struct Item {
        Json::Kind kind = Json::Kind::Null;
        std::uint32_t at = 0;  // in text_, at or before the value; only blanks and : , lie between
        std::uint32_t key_at = 0;  // the same for the key
        std::uint32_t parent = none;
        std::uint32_t first = none;  // child
        std::uint32_t next = none;   // sibling
        std::uint32_t key = 0;       // in the strings, with its length; in an array: the position
        std::uint32_t key_length = 0;
        std::uint32_t value = 0;  // in the strings
        std::uint32_t value_length = 0;
    };
    struct Store {
        std::vector<Item> items;
        std::string strings;  // all keys and values, decoded
    };
    struct Streamed {
        std::uint32_t item = none;  // the object, kept without members
        std::uint32_t begin = 0;    // of its text, from bracket to bracket
        std::uint32_t end = 0;
        std::size_t members = 0;  // if its text is sound
    };
    JsonDocument(std::string text, std::string file, geo::Problems& problems)
        : text_{std::move(text)}, file_{std::move(file)}, problems_{&problems} {}

    [[nodiscard]] bool parse_around(std::string_view key);
    /// Returns where the object ends whose bracket stands at `begin`. Looks at brackets, strings
    /// and comments only. Returns no object when the end is missing.
    [[nodiscard]] Streamed pass_over(std::size_t begin) const;
    enum class Extent : std::uint8_t { One, All };
    /// Calls `read` with the members of the streamed object: all of them, or the first one from the
    /// offset `from` on.
    void stream(std::uint32_t from, Extent extent,
                const std::function<void(const Json::Member&)>& read) const;
    void tell(FilePosition position, const std::function<void(const Json&)>& told) const;

    // The streamed member's items and strings are numbered on from the end of the kept ones.
    [[nodiscard]] const Item& item(std::uint32_t index) const noexcept {
        const auto kept = kept_.items.size();
        return index < kept ? kept_.items[index] : member_.items[index - kept];
    }
    [[nodiscard]] std::string_view slice(std::uint32_t at, std::uint32_t length) const noexcept {
        const auto kept = kept_.strings.size();
        return at < kept ? std::string_view{kept_.strings}.substr(at, length)
                         : std::string_view{member_.strings}.substr(at - kept, length);
    }
    static constexpr std::string_view blanks = " \t\r\n";
    static constexpr std::string_view blanks_and_separators = " \t\r\n,:";
    /// Returns where a token begins at or after `offset`, behind comments and these signs.
    [[nodiscard]] std::size_t token_at(std::size_t offset,
                                       std::string_view passed = blanks_and_separators) const;
    [[nodiscard]] std::string path_of(std::uint32_t index) const;
    [[nodiscard]] static std::string path_below(std::string path, std::string_view key);
    void report(std::size_t offset, std::string path, std::string text,
                geo::Severity severity = geo::Severity::Fault) const;

    std::string text_;
    std::string file_;
    Store kept_;
    Streamed streamed_;
    mutable Store member_;                    // the member of the streamed object being read
    mutable std::uint32_t member_at_ = none;  // where its key is, as in Item
    mutable bool sound_ = true;
    geo::Problems* problems_;
    mutable std::size_t reported_[2] = {0, 0};  // faults, warnings
    struct Counted {
        std::size_t offset = 0;
        std::size_t lines = 0;  // before it
    };
    mutable Counted counted_;
};

}  // namespace zones
