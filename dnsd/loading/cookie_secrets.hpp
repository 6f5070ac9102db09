// SPDX-License-Identifier: Apache-2.0
#pragma once
// What server cookies are made with, and where that comes from: the file that the config names; else
// the key that the nodes of a zone share; else chance, at each start anew. The first secret makes
// cookies, all are accepted (RFC 9018 §5).

#include "dnsd/loading/file_state.hpp"
#include "dnsd/tsig/keys.hpp"
#include "geo/base/problem.hpp"
#include "geo/base/sip_hash.hpp"
#include "zones/name/name.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace control {

using CookieSecrets = std::vector<geo::SipKey>;

/// Reads the text of a file: one or two lines of 32 hexadecimal digits. Empty lines and those that
/// begin with # do not count. `file` is for problems. Nothing comes back when there is a fault, whose
/// text shows no secret.
[[nodiscard]] std::optional<CookieSecrets> read_cookie_secrets(std::string_view text,
                                                               const std::string& file,
                                                               geo::Problems& problems);

/// One for each key, in their order: HMAC-SHA256 with the key, over "isochrone server cookies" and
/// the zone's name in wire form, lower-cased; its first 16 octets.
[[nodiscard]] CookieSecrets derived_cookie_secrets(const transfer::Keys& keys,
                                                   const zones::Name& zone);

[[nodiscard]] CookieSecrets random_cookie_secrets();

/// The file that the config names, from one reading to the next. One thread at a time.
class CookieSecretFile {
 public:
    /// Empty: there is none.
    explicit CookieSecretFile(std::string path) : path_{std::move(path)} {}

    [[nodiscard]] bool named() const noexcept { return !path_.empty(); }
    /// True when it has changed since `load`, and has been still since the last call.
    [[nodiscard]] bool changed();
    /// Nothing, and a fault, when it cannot be used.
    [[nodiscard]] std::optional<CookieSecrets> load(geo::Problems& problems);

 private:
    std::string path_;
    FileState loaded_;
    FileState last_look_;
};

}  // namespace control
