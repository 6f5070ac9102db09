// SPDX-License-Identifier: Apache-2.0
#pragma once
// The secrets that nodes share, in the form that tsig-keygen(8) prints and `dig -k` reads:
//   key "isochrone" { algorithm hmac-sha256; secret "…"; };
// A file with several keys is for a rollover: all are accepted, the first one signs.

#include "geo/base/problem.hpp"
#include "zones/name/name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace transfer {

struct TsigKey {
    zones::Name name;
    std::vector<std::uint8_t> secret;
};

/// Immutable; any number of threads may look keys up.
class Keys {
 public:
    /// `keys` has at least one key; the first one signs.
    explicit Keys(std::vector<TsigKey> keys) : keys_{std::move(keys)} {}

    [[nodiscard]] const TsigKey& first() const noexcept { return keys_.front(); }
    /// Returns the key of this name; null when there is none.
    [[nodiscard]] const TsigKey* find(const zones::Name& name) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
    [[nodiscard]] const std::vector<TsigKey>& all() const noexcept { return keys_; }

 private:
    std::vector<TsigKey> keys_;
};

/// Reads the text of a key file; problems name `file`. Returns nothing when there is a fault.
[[nodiscard]] std::optional<Keys> read_keys(std::string_view text, const std::string& file,
                                            geo::Problems& problems);
/// The same from the disk, through read_secret_file().
[[nodiscard]] std::optional<Keys> load_keys(const std::string& path, geo::Problems& problems);

/// Returns the text of a key file with one new secret of 256 bits.
[[nodiscard]] std::string make_key_file(const zones::Name& name);

}  // namespace transfer
