// SPDX-License-Identifier: Apache-2.0
#include "dnsd/tsig/keys.hpp"

#include "dnsd/tsig/base64.hpp"
#include "dnsd/tsig/secret_file.hpp"

#include <algorithm>
#include <array>
#include <random>

namespace transfer {
namespace {

constexpr std::size_t shortest_secret = 16;  // octets: what cannot be guessed
constexpr std::string_view algorithm = "hmac-sha256";

/// Words, quoted or not, and { } ; of a file with the three kinds of comments that BIND takes.
class Tokens {
 public:
    explicit Tokens(std::string_view text) : text_{text} {}

    /// Empty at the end of the file.
    std::string_view next() {
        skip_blanks();
        if (at_ == text_.size()) return {};
        const char first = text_[at_];
        if (first == '"') return quoted();
        auto end = at_ + 1;
        if (std::string_view{"{};"}.find(first) == std::string_view::npos)
            end = std::min(text_.find_first_of(" \t\r\n{};\"", at_), text_.size());
        return take(end);
    }
    /// Of the token that was read last.
    [[nodiscard]] std::size_t line() const { return line_; }

 private:
    void skip_blanks() {
        for (;;) {
            const auto rest = text_.substr(at_);
            if (rest.empty()) break;
            if (std::string_view{" \t\r\n"}.find(rest[0]) != std::string_view::npos) {
                ++at_;
            } else if (rest[0] == '#' || rest.starts_with("//")) {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (rest.starts_with("/*")) {
                at_ = std::min(text_.find("*/", at_ + 2), text_.size() - 2) + 2;
            } else {
                break;
            }
        }
        const auto before = text_.substr(0, at_);
        line_ = 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
    }
    std::string_view quoted() {
        const auto end = std::min(text_.find_first_of("\"\n", at_ + 1), text_.size());
        ++at_;
        const auto word = take(end);
        if (at_ < text_.size()) ++at_;
        return word.empty() ? std::string_view{"\"\""} : word;
    }
    std::string_view take(std::size_t end) {
        const auto token = text_.substr(at_, end - at_);
        at_ = end;
        return token;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

class KeyReader {
 public:
    KeyReader(std::string_view text, const std::string& file, geo::Problems& problems)
        : tokens_{text}, file_{file}, problems_{problems} {
        step();
    }

    std::optional<Keys> read() {
        while (!token_.empty()) {
            if (!read_key()) return std::nullopt;
        }
        if (keys_.empty()) {
            expected("a key: key \"NAME\" { algorithm hmac-sha256; secret \"…\"; };");
            return std::nullopt;
        }
        return Keys{std::move(keys_)};
    }

 private:
    /// The first fault ends it: what follows a wrong bracket has no meaning.
    bool read_key() {
        if (!take("key") || !read_name() || !take("{")) return false;
        while (token_ != "}") {
            if (!read_statement()) return false;
        }
        if (keys_.back().secret.empty()) return expected("secret \"…\";");
        return take("}") && take(";");
    }
    bool read_name() {
        const auto name = zones::Name::from_text(token_, zones::Name{});
        const bool bracket = std::string_view{"{};"}.find(token_) != std::string_view::npos;
        if (bracket || !name || name->label_count() == 0) return expected("the key's name");
        const bool known = std::ranges::any_of(
            keys_, [&](const TsigKey& earlier) { return earlier.name == *name; });
        if (known) return expected("a name that no other key has");
        keys_.push_back({*name, {}});
        step();
        return true;
    }
    bool read_statement() {
        if (token_ == "algorithm") {
            step();
            if (token_ != algorithm && token_ != "HMAC-SHA256") return expected("hmac-sha256");
        } else if (token_ == "secret") {
            step();
            auto secret = read_base64(token_);
            // The message does not show what the key holds, because messages end up in logs.
            if (!secret || secret->size() < shortest_secret)
                return fault("expected a secret of 16 octets or more in base64");
            keys_.back().secret = std::move(*secret);
        } else {
            return expected("algorithm, secret or }");
        }
        step();
        return take(";");
    }
    bool take(std::string_view wanted) {
        if (token_ != wanted) return expected(std::string{wanted});
        step();
        return true;
    }
    bool expected(const std::string& wanted) {
        const auto found = token_.empty() ? "the end of the file" : "\"" + shortened() + "\"";
        return fault("expected " + wanted + ", found " + found);
    }
    /// A secret that stands in the wrong place is not shown whole.
    [[nodiscard]] std::string shortened() const {
        return token_.size() <= 16 ? std::string{token_} : std::string{token_.substr(0, 6)} + "...";
    }
    bool fault(std::string text) {
        problems_.push_back(
            {.file = file_, .line = tokens_.line(), .path = {}, .text = std::move(text)});
        return false;
    }
    void step() { token_ = tokens_.next(); }

    Tokens tokens_;
    const std::string& file_;
    geo::Problems& problems_;
    std::string_view token_;
    std::vector<TsigKey> keys_;
};

}  // namespace

const TsigKey* Keys::find(const zones::Name& name) const noexcept {
    const auto found = std::ranges::find(keys_, name, &TsigKey::name);
    return found == keys_.end() ? nullptr : &*found;
}

std::optional<Keys> read_keys(std::string_view text, const std::string& file,
                              geo::Problems& problems) {
    return KeyReader{text, file, problems}.read();
}

std::optional<Keys> load_keys(const std::string& path, geo::Problems& problems) {
    const auto text = read_secret_file(path);
    if (text) return read_keys(*text, path, problems);
    problems.push_back({.file = path, .path = {}, .text = text.error().text});
    return std::nullopt;
}

std::string make_key_file(const zones::Name& name) {
    std::random_device source;  // getrandom(2) or its equal on all systems that we build on
    std::array<std::uint8_t, 32> secret{};
    for (auto& octet : secret) octet = static_cast<std::uint8_t>(source());
    auto text = name.text();
    if (text.size() > 1) text.pop_back();  // without the dot, as tsig-keygen prints it
    return "key \"" + text + "\" {\n\talgorithm hmac-sha256;\n\tsecret \"" + to_base64(secret) +
           "\";\n};\n";
}

}  // namespace transfer
