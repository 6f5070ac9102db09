// SPDX-License-Identifier: Apache-2.0
#pragma once
// The secrets for server cookies. They come from the file that the config names, else from the key
// that the nodes of a zone share; else they are random, and new at each start. The first secret
// makes cookies; cookies made with any of them are accepted (RFC 9018 §5).

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

/// Reads the text of a file: one or two lines of 32 hexadecimal digits. Skips empty lines and lines
/// that begin with #. `file` is the name for problems. On a fault, returns nothing; the text of the
/// fault shows no secret.
[[nodiscard]] std::optional<CookieSecrets> read_cookie_secrets(std::string_view text,
                                                               const std::string& file,
                                                               geo::Problems& problems);

/// Returns a secret for each key, in the same order: the first 16 octets of HMAC-SHA256 with the
/// key over "isochrone server cookies" and the zone's name in wire form and lower case.
[[nodiscard]] CookieSecrets derived_cookie_secrets(const transfer::Keys& keys,
                                                   const zones::Name& zone);

[[nodiscard]] CookieSecrets random_cookie_secrets();

/// The file that the config names. Notices when it has changed since it was read. One thread at a
/// time.
class CookieSecretFile {
 public:
    /// An empty path means that there is no file.
    explicit CookieSecretFile(std::string path) : path_{std::move(path)} {}

    [[nodiscard]] bool named() const noexcept { return !path_.empty(); }
    /// True if the file has changed since load(), and not since the last call of this.
    [[nodiscard]] bool changed();
    /// Reads the file. If it cannot be used, returns nothing and appends a fault.
    [[nodiscard]] std::optional<CookieSecrets> load(geo::Problems& problems);

 private:
    std::string path_;
    FileState loaded_;
    FileState last_look_;
};

}  // namespace control
